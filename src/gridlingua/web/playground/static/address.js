// The address of the page follows what is on it: a choice is a new entry of the history, typing changes the last one.

import { LONGEST, write } from "./fragment.js";

const PAUSE = 400;

export class Address {
  /** ``onTooLong`` is called when the state does not fit into an address any more. */
  constructor(onTooLong) {
    this.onTooLong = onTooLong;
    this.queue = Promise.resolve();
    this.typed = null;
    this.timer = 0;
    this.isTooLong = false;
  }

  /** The page begins with something that its address did not say. */
  begin(state) {
    return this.put(structuredClone(state), "replaceState");
  }

  /** Somebody typed. */
  change(state) {
    this.typed = structuredClone(state);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), PAUSE);
  }

  /** Somebody chose; what was typed before stays in the entry before. */
  choose(state) {
    this.flush();
    return this.put(structuredClone(state), "pushState");
  }

  /** Write what was typed now; the address, or "" when it is too long for one. */
  flush() {
    clearTimeout(this.timer);
    const state = this.typed;
    this.typed = null;
    return state ? this.put(state, "replaceState") : this.queue;
  }

  /** Stop: another entry is shown. */
  forget() {
    clearTimeout(this.timer);
    this.typed = null;
  }

  put(state, how) {
    this.queue = this.queue.then(async () => {
      const fragment = `#${await write(state)}`;
      const isTooLong = fragment.length > LONGEST;
      if (isTooLong && !this.isTooLong) this.onTooLong();
      this.isTooLong = isTooLong;
      if (!isTooLong && fragment !== location.hash) history[how](null, "", fragment);
      return isTooLong ? "" : location.href;
    });
    return this.queue;
  }
}
