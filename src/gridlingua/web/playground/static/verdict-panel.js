// What each step says of the message, as sentences with their fields.

import { element } from "./dom.js";

const NAMES = { request: "Request", json: "JSON", schema: "Schema", lift: "Rows", shacl: "SHACL" };
const SIGNS = { passed: "✓", refused: "✗", skipped: "–", waiting: "…" };
const WORDS = { passed: "passed", refused: "refused", skipped: "not reached", waiting: "under way" };
const WAITING = { name: "shacl", state: "waiting", said: "", faults: [] };

export class VerdictPanel {
  /** ``on`` takes pick(fault). */
  constructor({ steps, body, announcement }, on) {
    Object.assign(this, { steps, body, announcement, on });
    this.faults = [];
    this.timer = 0;
  }

  /** Steps before SHACL; the verdict of before stays, faintly, until the new one comes. */
  showSteps(steps) {
    const refused = steps.some((one) => one.state === "refused");
    this.chips([...steps, refused ? { ...WAITING, state: "skipped" } : WAITING]);
    if (refused) this.tell(steps, "");
    else this.body.classList.add("stale");
  }

  /** All steps. ``expected`` is what the file beside a reject says, "" when it is none. */
  show(steps, expected) {
    this.chips(steps);
    this.tell(steps, expected);
  }

  chips(steps) {
    this.steps.replaceChildren(
      ...steps.map(({ name, state, said }) =>
        element("li", { class: state, title: said }, `${SIGNS[state]} ${NAMES[name]}`, element("span", { class: "unseen" }, `: ${WORDS[state]}`)),
      ),
    );
  }

  tell(steps, expected) {
    const refused = steps.find((one) => one.state === "refused");
    const open = steps.find((one) => one.state === "skipped");
    const last = refused ?? open ?? steps.at(-1);
    const state = refused ? "refused" : open ? "skipped" : "passed";
    this.faults = steps.flatMap((one) => one.faults);
    this.body.classList.remove("stale");
    this.body.replaceChildren(
      element("p", { class: `headline ${state}` }, last.said),
      ...(this.faults.length ? [element("ul", { class: "faults" }, ...this.faults.map((one) => this.line(one)))] : []),
      ...(expected ? [element("p", { class: "expected" }, expected)] : []),
    );
    this.announce(`${last.said} ${this.faults.map((one) => `${one.pointer} ${one.message}`).slice(0, 3).join(". ")}`);
  }

  line(fault) {
    const place = fault.line ? `line ${fault.line}` : (fault.places[0] ?? fault.pointer) || "/";
    const more = fault.places.length > 1 ? ` and ${fault.places.length - 1} more` : "";
    const button = element("button", { type: "button", class: "place" }, `${place}${more}`);
    button.addEventListener("click", () => this.on.pick(fault));
    return element("li", {}, button, " ", fault.message);
  }

  /** Read out, once typing has paused. */
  announce(sentence) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      if (this.announcement.textContent !== sentence) this.announcement.textContent = sentence;
    }, 700);
  }
}
