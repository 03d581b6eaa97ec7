// A text area with line numbers, colours and marks: a painted copy lies under its transparent letters.

import { element, isUsed } from "./dom.js";

const MOST = 20000; // tokens that are coloured while somebody types

export class Editor {
  /**
   * ``scan(text)`` gives {tokens: [{start, end, kind, …}], …}, ``link(token)`` what a token is linked by ("": nothing).
   * ``on`` takes input(), caret(link) and hover(link).
   */
  constructor(root, { id, label, scan, link, on }) {
    this.scan = scan;
    this.link = link;
    this.on = on;
    this.numbers = element("div", { class: "numbers", "aria-hidden": "true" });
    this.paint = element("pre", { class: "paint", "aria-hidden": "true" });
    this.area = element("textarea", {
      id, "aria-label": label, wrap: "off", spellcheck: "false", autocomplete: "off", autocapitalize: "off",
    });
    root.append(this.numbers, element("div", { class: "sheet" }, this.paint, this.area));
    this.marks = () => [];
    this.lines = new Map();
    this.listen();
    this.show();
  }

  listen() {
    const { area } = this;
    area.addEventListener("input", () => {
      this.show();
      this.on.input();
    });
    area.addEventListener("scroll", () => this.follow());
    for (const name of ["keyup", "pointerup", "focus"]) area.addEventListener(name, () => this.on.caret(this.atCaret()));
    area.addEventListener("blur", () => this.on.caret(""));
    area.addEventListener("mousemove", (event) => this.hover(this.linkAt(event)));
    area.addEventListener("mouseleave", () => this.hover(""));
  }

  get value() {
    return this.area.value;
  }

  set value(text) {
    if (text === this.area.value) return;
    this.area.value = text;
    this.marks = () => [];
    this.lines = new Map();
    this.show();
    this.area.setSelectionRange(0, 0);
    this.area.scrollTo(0, 0);
  }

  hover(link) {
    if (link === this.hovered) return;
    this.hovered = link;
    this.on.hover(link);
  }

  linkAt(event) {
    const under = document.elementsFromPoint(event.clientX, event.clientY);
    return under.find((one) => this.paint.contains(one) && one.dataset.link)?.dataset.link ?? "";
  }

  atCaret() {
    const at = this.area.selectionStart;
    const token = this.scanned.tokens.find((one) => one.start <= at && at <= one.end && this.link(one));
    return token ? this.link(token) : "";
  }

  /** Paint text and line numbers anew. */
  show() {
    const text = this.area.value;
    this.scanned = this.scan(text);
    this.wrong = this.marks(this.scanned, text);
    const parts = [];
    let at = 0;
    for (const token of this.scanned.tokens.length > MOST ? [] : this.scanned.tokens) {
      if (token.start > at) parts.push(text.slice(at, token.start));
      parts.push(this.span(token, text));
      at = token.end;
    }
    this.paint.replaceChildren(...parts, text.slice(at), "\n");
    this.number(text.split("\n").length);
    this.follow();
  }

  span(token, text) {
    const made = element("span", { class: token.kind }, text.slice(token.start, token.end));
    const link = this.link(token);
    if (link) made.dataset.link = link;
    if (this.wrong.some((one) => one.start < token.end && token.start < one.end)) made.classList.add("wrong");
    return made;
  }

  number(count) {
    const wrong = new Set(this.wrong.map((one) => this.lineOf(one.start)));
    const lines = Array.from({ length: count }, (_, n) => {
      const kind = wrong.has(n + 1) ? "error" : this.lines.get(n + 1);
      return element("span", { class: kind }, `${n + 1}`);
    });
    this.numbers.replaceChildren(element("div", {}, ...lines));
  }

  follow() {
    this.paint.style.transform = `translate(${-this.area.scrollLeft}px, ${-this.area.scrollTop}px)`;
    this.numbers.firstChild.style.transform = `translateY(${-this.area.scrollTop}px)`;
  }

  /** Underline the places [{start, end}] that ``marks`` finds in what was scanned, now and after each change; mark
   * ``lines``, by number, with a class. */
  mark(marks, lines = new Map()) {
    this.marks = marks;
    this.lines = lines;
    this.show();
  }

  lineOf(offset) {
    return this.area.value.slice(0, offset).split("\n").length;
  }

  /** Select a place and bring it into view. */
  goTo({ start, end }) {
    const { area } = this;
    area.focus({ preventScroll: true });
    area.setSelectionRange(start, end);
    this.reveal(start);
    area.closest(".panel").scrollIntoView({ block: "nearest" });
    this.on.caret(this.atCaret());
  }

  goToLine(line) {
    const start = this.area.value.split("\n").slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    const end = this.area.value.indexOf("\n", start);
    this.goTo({ start, end: end < 0 ? this.area.value.length : end });
  }

  /** Let a place stand at the top. */
  scrollTo(offset) {
    this.area.scrollTop = this.topOf(Math.max(0, offset));
  }

  topOf(offset) {
    return (this.lineOf(offset) - 1) * parseFloat(getComputedStyle(this.area).lineHeight);
  }

  reveal(offset) {
    const { area } = this;
    const height = parseFloat(getComputedStyle(area).lineHeight);
    const top = this.topOf(offset);
    if (top < area.scrollTop || top > area.scrollTop + area.clientHeight - 2 * height) {
      area.scrollTop = Math.max(0, top - area.clientHeight / 3);
    }
    const left = this.spanAt(offset)?.offsetLeft ?? 0;
    if (left < area.scrollLeft || left > area.scrollLeft + area.clientWidth * 0.8) {
      area.scrollLeft = Math.max(0, left - area.clientWidth / 3);
    }
  }

  spanAt(offset) {
    return this.paint.children[this.scanned.tokens.findIndex((one) => one.start <= offset && offset < one.end)];
  }

  /** Light up the tokens of some links. */
  light(lit, isShown) {
    let first = null;
    for (const span of this.paint.querySelectorAll("[data-link]")) {
      const isLit = lit.has(span.dataset.link);
      span.classList.toggle("lit", isLit);
      if (isLit) first ??= span;
    }
    if (first && isShown && !isUsed(this.area)) this.reveal(this.offsetOf(first));
  }

  offsetOf(span) {
    return this.scanned.tokens[[...this.paint.children].indexOf(span)].start;
  }
}
