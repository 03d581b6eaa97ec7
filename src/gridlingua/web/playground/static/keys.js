// Shortcuts, buttons that enlarge a panel, and the list of keys.

import { byId, element } from "./dom.js";

const PANELS = ["pattern", "drawing", "fields", "rows", "turtle"];

export class Keys {
  constructor({ message, verdict, share, part }) {
    const focus = (id) => byId(id).focus();
    this.shortcuts = {
      M: () => (message.hasFocus ? part() : message.focus()),
      V: () => focus("verdict"),
      P: () => focus("pattern-text"),
      R: () => document.querySelector("#rows-body [tabindex='0']")?.focus(),
      E: () => focus("case"),
      F: () => message.format(),
      L: share,
      K: () => byId("keys").showModal(),
    };
    this.message = message;
    this.verdict = verdict;
    document.addEventListener("keydown", (event) => this.pressed(event));
    byId("share").addEventListener("click", share);
    byId("help").addEventListener("click", () => byId("keys").showModal());
    document.querySelector(".skip").addEventListener("click", (event) => {
      event.preventDefault(); // the fragment of the address is taken
      message.focus();
    });
    for (const id of PANELS) this.addEnlarging(byId(id));
  }

  pressed(event) {
    const shortcut = event.altKey && event.shiftKey && this.shortcuts[event.code.replace("Key", "")];
    if (shortcut) shortcut();
    else if (event.key === "F8") this.message.step(event.shiftKey ? -1 : 1);
    else if (event.key === "Escape" && document.querySelector(".panel.large")) this.enlarge(null);
    else return;
    event.preventDefault();
  }

  addEnlarging(panel) {
    const name = panel.querySelector("h2").textContent;
    const button = element("button", { type: "button", class: "quiet enlarge", "aria-pressed": "false" }, "Enlarge");
    button.append(element("span", { class: "unseen" }, ` ${name}`));
    button.addEventListener("click", () => this.enlarge(panel.classList.contains("large") ? null : panel));
    panel.querySelector(".title").append(button);
  }

  enlarge(panel) {
    for (const id of PANELS) {
      const one = byId(id);
      one.classList.toggle("large", one === panel);
      one.querySelector(".enlarge").setAttribute("aria-pressed", String(one === panel));
    }
    document.body.classList.toggle("enlarging", panel !== null);
  }
}
