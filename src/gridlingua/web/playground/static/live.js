// Answers while typing: one question is under way at a time, the newest is asked next, and an answer that is no longer
// about what stands there is dropped.

import { ServerError, post } from "./server.js";

const PAUSE = 120;
const AGAIN = 2000;

export class Live {
  /** ``ask`` gives what to ask now; ``on`` takes reading, verdict, busy (whether an answer is to come), and failure. */
  constructor(ask, on) {
    this.ask = ask;
    this.on = on;
    this.number = 0;
    this.isRunning = false;
    this.timer = 0;
  }

  /** What stands there has changed. */
  changed(pause = PAUSE) {
    this.number += 1;
    this.on.busy(true);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.run(), pause);
  }

  async run() {
    if (this.isRunning) return;
    this.isRunning = true;
    let asked;
    do {
      asked = this.number;
      await this.once(asked);
    } while (asked !== this.number);
    clearTimeout(this.timer); // of a change that is answered already
    this.isRunning = false;
    this.on.busy(false);
  }

  async once(asked) {
    const body = this.ask();
    try {
      const reading = await post("reading", body);
      if (asked !== this.number) return;
      this.on.reading(reading, body);
      const verdict = await post("verdict", body);
      if (asked === this.number) this.on.verdict(verdict, body);
    } catch (error) {
      if (asked !== this.number) return;
      if (!(error instanceof ServerError)) console.error(error);
      this.on.failure(error);
      if (error.isTransient) setTimeout(() => asked === this.number && this.changed(0), AGAIN);
    }
  }
}
