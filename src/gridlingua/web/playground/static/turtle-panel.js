// The graph as Turtle, in which every term knows its variable.

import { element, lightTerms, listen } from "./dom.js";

export class TurtlePanel {
  constructor(root, copy, on) {
    this.root = root;
    this.text = "";
    listen(root, "[data-variable]", on, (one) => [one.dataset.variable, Number(one.dataset.term)]);
    copy.addEventListener("click", () => on.copy(this.text));
  }

  show(reading) {
    const text = reading.turtle.map(([piece]) => piece).join("");
    if (text === this.text) return;
    this.text = text;
    const isPrefix = ([piece]) => piece.startsWith("@");
    const prefixes = reading.turtle.filter(isPrefix).map(([piece]) => piece);
    const pieces = reading.turtle.filter((one) => !isPrefix(one)).map(([piece, variable, term]) =>
      variable ? element("span", { "data-variable": variable, "data-term": term, title: `?${variable}` }, piece) : piece,
    );
    const { scrollTop, scrollLeft } = this.root;
    const about = String(reading.columns);
    const isOpen = this.root.querySelector("details")?.open;
    const head = element("details", { open: isOpen }, element("summary", {}, "base and prefixes"), element("pre", {}, ...prefixes));
    this.root.replaceChildren(head, element("pre", {}, ...pieces));
    this.root.scrollTo(...(about === this.about ? [scrollLeft, scrollTop] : [0, 0]));
    this.about = about;
  }

  light(selection, isShown) {
    lightTerms(this.root, selection, isShown);
  }
}
