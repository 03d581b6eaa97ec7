// The message, and above a reply the request that it answers.

import { byId } from "./dom.js";
import { Editor } from "./editor.js";
import { formatted, offsetOf, placeOf, scan } from "./json-text.js";

export class MessagePanel {
  /** ``on`` takes input({request or reply: text}), hover and caret([part, pointer] or null), part(part). */
  constructor(on) {
    this.on = on;
    this.part = "request";
    this.faults = [];
    this.asked = byId("asked");
    this.main = this.editor("message-editor", "message-text", "The message, JSON", () => this.part);
    this.request = this.editor("asked-editor", "asked-text", "The request that the reply answers, JSON", () => "request");
    for (const radio of document.querySelectorAll("input[name=part]")) {
      radio.addEventListener("change", () => on.part(radio.value));
    }
    byId("format").addEventListener("click", () => this.format());
  }

  editor(root, id, label, partOf) {
    const place = (link) => (link ? [partOf(), link === "/" ? "" : link] : null);
    const editor = new Editor(byId(root), {
      id,
      label,
      scan,
      link: (token) => (token.pointer === undefined ? "" : token.pointer || "/"),
      on: {
        input: () => this.on.input({ [partOf()]: editor.value }),
        caret: (link) => this.on.caret(place(link)),
        hover: (link) => this.on.hover(place(link)),
      },
    });
    return editor;
  }

  show(state) {
    this.part = state.part;
    document.querySelector(`input[name=part][value=${state.part}]`).checked = true;
    this.asked.hidden = state.part === "request";
    this.main.value = state[state.part];
    this.request.value = state.request;
  }

  /** Underline what the faults are about. */
  showFaults(faults) {
    this.faults = faults;
    const marks = (part) => (scanned, text) =>
      faults.filter((one) => one.part === part).flatMap((one) => placesOf(one, scanned, text));
    this.main.mark(marks(this.part));
    if (this.part === "reply") this.request.mark(marks("request"));
    this.asked.classList.toggle("wrong", this.part === "reply" && faults.some((one) => one.part === "request"));
  }

  goToFault(fault) {
    const editor = this.editorOf(fault.part);
    const [place] = placesOf(fault, editor.scanned, editor.value);
    if (place) this.goTo(editor, place);
  }

  goToPlace(part, pointer) {
    const editor = this.editorOf(part);
    const place = placeOf(editor.scanned.places, pointer === "/" ? "" : pointer);
    if (place) this.goTo(editor, place);
  }

  goTo(editor, place) {
    if (editor === this.request) this.asked.open = true;
    editor.goTo(place);
  }

  editorOf(part) {
    return part === this.part ? this.main : this.request;
  }

  /** To the next (1) or previous (-1) fault, after the last one around. */
  step(direction) {
    const count = this.faults.length;
    if (!count) return;
    const at = this.faults.indexOf(this.current);
    this.current = this.faults[at < 0 ? (direction > 0 ? 0 : count - 1) : (at + direction + count) % count];
    this.goToFault(this.current);
  }

  format() {
    const text = formatted(this.main.value);
    if (text === null || text === this.main.value) return;
    this.main.value = text;
    this.on.input({ [this.part]: text });
  }

  focus() {
    this.main.area.focus();
  }

  get hasFocus() {
    return document.activeElement === this.main.area;
  }

  light({ places }, isShown) {
    const of = (part) => new Set([...places].filter((one) => one.startsWith(`${part} `)).map((one) => one.slice(part.length + 1)));
    this.main.light(of(this.part), isShown);
    if (this.part === "reply") this.request.light(of("request"), isShown);
  }
}

function placesOf(fault, { places }, text) {
  if (fault.line) {
    const start = offsetOf(text, fault.line, fault.column);
    return [{ start: Math.max(0, start - 1), end: start + 1 }];
  }
  const pointers = fault.places.length ? fault.places : [fault.pointer.split("/*")[0]];
  return pointers.map((pointer) => placeOf(places, pointer)).filter(Boolean);
}
