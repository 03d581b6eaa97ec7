// The page: what is tried, its panels, and how they hang together.

import { Address } from "./address.js";
import { Choice } from "./choice.js";
import { byId } from "./dom.js";
import { DrawingPanel } from "./drawing-panel.js";
import { FieldsPanel } from "./fields-panel.js";
import { read } from "./fragment.js";
import { Keys } from "./keys.js";
import { Links, Pointing } from "./links.js";
import { Live } from "./live.js";
import { MessagePanel } from "./message-panel.js";
import { Notice } from "./notice.js";
import { PatternPanel } from "./pattern-panel.js";
import { RowsPanel } from "./rows-panel.js";
import { get } from "./server.js";
import { TurtlePanel } from "./turtle-panel.js";
import { VerdictPanel } from "./verdict-panel.js";

const WATCH = 2000;
const TOO_LONG = "This is too much for a link: more than 32,000 characters. The address does not hold it; share the files.";

class Page {
  constructor() {
    this.state = null;
    this.links = new Links({ fillings: [] });
    this.notice = new Notice(byId("notice"));
    this.address = new Address(() => this.notice.say(TOO_LONG));
    this.choice = new Choice({ chosen: (change) => this.choose(change) });
    this.makePanels();
    this.live = new Live(() => this.asked(), {
      reading: (reading, body) => this.showReading(reading, body),
      verdict: (verdict, body) => this.showVerdict(verdict, body),
      busy: (isBusy) => document.body.classList.toggle("busy", isBusy),
      failure: (error) => this.failed(error),
    });
  }

  makePanels() {
    const ofVariable = (variable, term) => (variable ? this.links.ofVariable(variable, term) : null);
    const on = {
      hover: (variable, term) => this.pointing.hover(ofVariable(variable, term)),
      focus: (variable, term) => this.pointing.focus(ofVariable(variable, term)),
      pick: (variable, term) => this.pick(ofVariable(variable, term)),
      copy: (text) => this.copy(text, "The Turtle is copied."),
    };
    const ofPlace = (place) => (place ? this.links.ofPlace(...place) : null);
    this.message = new MessagePanel({
      hover: (place) => this.pointing.hover(ofPlace(place)),
      caret: (place) => this.pointing.focus(ofPlace(place)),
      input: (texts) => this.typed(texts),
      part: (part) => this.choose({ part }),
    });
    this.pattern = new PatternPanel({ ...on, input: (file, text) => this.edited(file, text) });
    this.verdict = new VerdictPanel(
      { steps: byId("steps"), body: byId("verdict-body"), announcement: byId("announcement") },
      { pick: (fault) => this.message.goToFault(fault) },
    );
    this.fields = new FieldsPanel(byId("fields-body"), on);
    this.rows = new RowsPanel(byId("rows-body"), byId("rows-count"), on);
    this.turtle = new TurtlePanel(byId("turtle-body"), byId("turtle-copy"), on);
    this.drawing = new DrawingPanel(byId("drawing-body"), byId("drawing-fit"), on);
    const { message, pattern, fields, rows, turtle, drawing } = this;
    this.pointing = new Pointing([message, pattern, fields, rows, turtle, drawing]);
    this.keys = new Keys({ message, verdict: this.verdict, share: () => this.share(), part: () => this.otherPart() });
  }

  async start() {
    try {
      this.choice.offer(await get("exchanges"));
      await this.restore();
    } catch (error) {
      this.notice.say(error.message);
      setTimeout(() => this.start(), WATCH);
      return;
    }
    window.addEventListener("popstate", () => this.restore().catch((error) => this.failed(error)));
    setInterval(() => this.watch(), WATCH);
  }

  /** Show what the address says, or something to begin with. */
  async restore() {
    let state = null;
    let broken = "";
    this.address.forget();
    try {
      state = await read(location.hash);
    } catch (error) {
      broken = error.message;
    }
    if (!state && this.state) {
      if (broken) this.notice.say(`${broken} The page shows what it showed before.`);
      return;
    }
    const isThere = state && (await this.load(state.exchange));
    if (!isThere) await this.load(this.choice.first);
    this.state = isThere ? this.choice.fitting(state) : this.choice.beginning();
    if (broken) this.notice.say(`${broken} The page begins anew.`);
    else if (state && !isThere) this.notice.say(`The link is about ${state.exchange}, which is not in this catalogue.`);
    if (!isThere) this.address.begin(this.state);
    this.show();
  }

  /** Learn of an exchange; whether it is there and can be read. */
  async load(id) {
    if (this.choice.description?.id === id) return true;
    try {
      this.choice.description = await get(`exchanges/${id.split("/").map(encodeURIComponent).join("/")}`);
      return true;
    } catch (error) {
      this.notice.say(error.message);
      if (error.isTransient) throw error;
      return false;
    }
  }

  async choose(change) {
    this.notice.close();
    if (change.exchange) {
      const isThere = await this.load(change.exchange).catch((error) => this.failed(error));
      if (!isThere) {
        this.choice.show(this.state);
        return;
      }
      this.state = this.choice.beginning(this.state.profile);
    } else {
      this.state = this.choice.changed(this.state, change);
    }
    this.address.choose(this.state);
    this.show();
  }

  show() {
    document.title = `${this.choice.description.title} · gridlingua playground`;
    this.choice.show(this.state);
    this.message.show(this.state);
    this.pattern.show(this.choice.file(this.state), this.choice.description.patterns, this.state.patterns);
    this.live.changed(0);
  }

  typed(texts) {
    Object.assign(this.state, texts);
    this.choice.show(this.state);
    this.address.change(this.state);
    this.live.changed();
  }

  edited(file, text) {
    const { [file]: _, ...others } = this.state.patterns;
    this.state.patterns = text === this.choice.description.patterns[file] ? others : { ...others, [file]: text };
    this.address.change(this.state);
    this.live.changed();
  }

  asked() {
    const { exchange, profile, part, request, reply, patterns } = this.state;
    return { exchange, profile, part, request, reply: part === "reply" ? reply : "", patterns };
  }

  showReading(reading, body) {
    this.notice.recovered();
    this.reading = reading;
    this.links = new Links(reading);
    this.verdict.showSteps(reading.steps);
    this.message.showFaults(reading.steps.flatMap((step) => step.faults));
    this.pattern.showFindings(reading);
    this.fields.show(reading, body.part);
    const isSaid = reading.columns !== undefined;
    for (const id of ["rows", "turtle"]) byId(id).classList.toggle("stale", !isSaid);
    byId("drawing").classList.toggle("stale", !reading.isRead);
    if (isSaid) {
      this.rows.show(reading, this.links);
      this.turtle.show(reading);
    }
    if (reading.drawing) this.drawing.show(reading.drawing, reading.columns);
    this.pointing.show(false);
    if (reading.edition !== this.choice.description.edition) this.reload();
  }

  showVerdict(step, body) {
    const steps = [...this.reading.steps, step];
    this.verdict.show(steps, this.choice.expected(this.state, steps, body));
    this.message.showFaults(steps.flatMap((one) => one.faults));
  }

  pick(selection) {
    const [place] = selection?.places ?? [];
    if (place) this.message.goToPlace(...split(place));
  }

  otherPart() {
    this.choose({ part: this.state.part === "request" ? "reply" : "request" });
  }

  async share() {
    const url = await this.address.choose(this.state);
    if (!url) this.notice.say(TOO_LONG);
    else await this.copy(url, "The link is copied. All that is on this page is in it, and nothing was sent.", "The address bar has the link.");
  }

  async copy(text, said, otherwise = "") {
    try {
      await navigator.clipboard.writeText(text);
      this.notice.say(said);
    } catch {
      this.notice.say(`This browser does not let the page copy. ${otherwise}`.trim());
    }
  }

  failed(error) {
    this.notice.fail(error.message);
    document.body.classList.toggle("unreachable", error.isTransient);
  }

  /** Whether somebody has edited the folder on disk. */
  async watch() {
    if (document.hidden || this.live.isRunning || !this.choice.description) return;
    const { id, edition } = this.choice.description;
    try {
      const found = await get(`editions/${id}`);
      if (this.notice.isFailure) this.live.changed(0);
      if (found.edition !== edition && this.choice.description.id === id) await this.reload();
    } catch (error) {
      this.failed(error);
    }
  }

  async reload() {
    const before = this.choice.description;
    this.choice.description = null;
    if (!(await this.load(before.id).catch(() => false))) {
      this.choice.description = before;
      return;
    }
    this.state = this.choice.renewed(this.state, before);
    this.notice.say(`${before.id} was changed on disk and is read again.`);
    this.show();
  }
}

function split(place) {
  const at = place.indexOf(" ");
  return [place.slice(0, at), place.slice(at + 1)];
}

new Page().start();
