// The drawn pattern. What the message leaves open is faint.

import { lightVariables, listen } from "./dom.js";

const BOXES = '[data-term^="?"]';

export class DrawingPanel {
  constructor(root, fit, on) {
    this.root = root;
    this.source = "";
    fit.addEventListener("click", () => {
      const isFit = root.classList.toggle("fit");
      fit.setAttribute("aria-pressed", String(isFit));
    });
    listen(root, BOXES, on, (box) => [nameOf(box), null]);
  }

  show(source, columns) {
    if (source !== this.source) {
      this.source = source;
      const drawn = new DOMParser().parseFromString(source, "image/svg+xml").documentElement;
      this.root.replaceChildren(document.importNode(drawn, true));
      this.root.scrollTo(0, 0);
    }
    for (const box of this.root.querySelectorAll(BOXES)) {
      box.classList.toggle("open", columns !== undefined && !columns.includes(nameOf(box)));
    }
  }

  light({ variables }, isShown) {
    lightVariables(this.root, this.root.querySelectorAll(BOXES), nameOf, variables, isShown);
  }
}

function nameOf(box) {
  return box.dataset.term.slice(1);
}
