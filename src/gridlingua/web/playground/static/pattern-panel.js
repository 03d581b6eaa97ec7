// The graph pattern, as its file has it or as somebody edits it, and what the checks find in it.

import { byId, element } from "./dom.js";
import { Editor } from "./editor.js";
import { scan } from "./pattern-text.js";

export class PatternPanel {
  /** ``on`` takes input(file, text), and hover and focus of a variable. */
  constructor(on) {
    this.on = on;
    this.file = "";
    this.findings = byId("findings");
    this.reset = byId("pattern-reset");
    this.editor = new Editor(byId("pattern-editor"), {
      id: "pattern-text",
      label: "The graph pattern",
      scan,
      link: (token) => token.variable,
      on: {
        input: () => this.edited(this.editor.value),
        caret: (variable) => on.focus(variable, null),
        hover: (variable) => on.hover(variable, null),
      },
    });
    this.reset.addEventListener("click", () => {
      this.editor.value = this.original;
      this.edited(this.original);
      this.editor.area.focus();
    });
  }

  show(file, originals, edited) {
    this.file = file;
    this.original = originals[file];
    const text = edited[file] ?? this.original;
    if (this.editor.value !== text) {
      this.editor.value = text;
      this.editor.scrollTo(text.search(/\bCONSTRUCT\b/i));
    }
    byId("pattern-file").textContent = file;
    this.reset.hidden = this.editor.value === this.original;
  }

  edited(text) {
    this.reset.hidden = text === this.original;
    this.on.input(this.file, text);
  }

  showFindings({ file, findings }) {
    if (file !== this.file) return;
    this.findings.hidden = !findings.length;
    const key = JSON.stringify(findings);
    if (key !== this.shown) this.findings.replaceChildren(...findings.map((one) => this.line(one)));
    this.shown = key;
    this.editor.mark(() => [], new Map(findings.map((one) => [one.line, one.severity])));
  }

  line(one) {
    const button = element("button", { type: "button", class: "place" }, `line ${one.line}`);
    button.addEventListener("click", () => this.editor.goToLine(one.line));
    const said = [button, ` ${one.severity} `, element("code", {}, one.check), ` ${one.message}`];
    return element("li", { class: one.severity }, ...said, ...this.reason(one));
  }

  /** Why the check is there, what it refuses, and the remedy. */
  reason({ check, why, wrong, right }) {
    if (!why) return [];
    const examples = [["refused", wrong], ["right", right]].filter(([, text]) => text);
    const shown = examples.flatMap(([name, text]) => [element("h3", {}, name), element("pre", {}, text)]);
    const summary = element("summary", {}, "Why", element("span", { class: "unseen" }, ` ${check}`));
    return [element("details", {}, summary, element("p", {}, why), ...shown)];
  }

  light({ variables }, isShown) {
    this.editor.light(variables, isShown);
  }
}
