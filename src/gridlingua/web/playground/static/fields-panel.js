// Which field filled which variable, and by what.

import { element, lightVariables, listen } from "./dom.js";

export class FieldsPanel {
  constructor(root, on) {
    this.root = root;
    listen(root, "[data-variable]", { ...on, pick: () => {} }, (line) => [line.dataset.variable, null]);
    root.addEventListener("click", ({ target }) => {
      const line = target.closest("button")?.closest("[data-variable]");
      if (line) on.pick(line.dataset.variable, null);
    });
  }

  show(reading, part) {
    const key = JSON.stringify([reading.fillings, part]);
    if (key === this.key) return;
    this.key = key;
    const heads = ["field", "variable", "by", "in the first row"].map((name) => element("th", { scope: "col" }, name));
    const lines = reading.fillings.map((one) => this.line(one, part));
    const table = element("table", {}, element("thead", {}, element("tr", {}, ...heads)), element("tbody", {}, ...lines));
    this.root.replaceChildren(table);
  }

  line(one, part) {
    const name = `${one.part === part ? "" : `${one.part} `}${one.pointer}`;
    const from = one.isNode ? element("span", {}, name) : element("button", { type: "button", class: "place" }, name);
    const cells = [
      element("td", {}, from),
      element("td", { class: one.isNode ? "node" : "field" }, `?${one.variable}`),
      element("td", {}, one.by),
      element("td", { class: "term", title: one.first }, one.first ?? "–"),
    ];
    return element("tr", { "data-variable": one.variable }, ...cells);
  }

  light({ variables }, isShown) {
    const lines = this.root.querySelectorAll("[data-variable]");
    lightVariables(this.root, lines, (line) => line.dataset.variable, variables, isShown);
  }
}
