// The rows as a table; one Tab stop, arrows move within.

import { bringIntoView, element, lightTerms, listen } from "./dom.js";

export class RowsPanel {
  /** ``on`` takes hover, focus and pick, each with a variable and the number of its term (null: all). */
  constructor(root, count, on) {
    this.root = root;
    this.count = count;
    this.on = on;
    listen(root, "[data-variable]", on, told);
    root.addEventListener("keydown", (event) => this.moved(event));
  }

  show(reading, links) {
    const order = this.ordered(reading.columns, links);
    const head = element("tr", {}, element("th", { scope: "col" }, element("span", { class: "unseen" }, "row")));
    for (const name of order) head.append(this.heading(name, links.filling(name), this.datatype(name, reading)));
    const body = reading.rows.map((row, n) => {
      const cells = order.map((name) => this.cell(name, row.terms[reading.columns.indexOf(name)], reading.terms));
      return element("tr", {}, element("th", { scope: "row" }, `${n + 1}`), ...cells);
    });
    const more = reading.count - reading.rows.length;
    this.count.textContent = `${reading.count}${more > 0 ? `, the first ${reading.rows.length} shown` : ""}`;
    const table = element("table", { role: "grid", "aria-label": "Rows" }, element("thead", {}, head));
    table.append(element("tbody", {}, ...body));
    const { scrollTop, scrollLeft } = this.root;
    this.root.replaceChildren(reading.count ? table : element("p", { class: "empty" }, "No row: an empty array."));
    this.root.scrollTo(...(String(order) === this.about ? [scrollLeft, scrollTop] : [0, 0]));
    this.about = String(order);
    table.querySelector("[data-variable]")?.setAttribute("tabindex", "0");
  }

  /** The message's own fields first, nodes last: the reader begins with what is known. */
  ordered(columns, links) {
    const own = links.fillings[0]?.part;
    const rank = (name) => {
      const filling = links.filling(name);
      return !filling || filling.isNode ? 2 : filling.part === own ? 0 : 1;
    };
    return [...columns].sort((one, other) => rank(one) - rank(other));
  }

  /** The datatype that all terms of a column have. */
  datatype(name, { columns, rows, terms }) {
    const column = columns.indexOf(name);
    const found = new Set(rows.map((row) => (row.terms[column] === null ? "" : split(terms[row.terms[column]][0])[1])));
    return found.size === 1 ? [...found][0] : "";
  }

  heading(name, filling, datatype) {
    const kind = filling?.isNode === false ? "field" : "node";
    const title = filling ? `${filling.pointer} of the ${filling.part}, ${filling.by}` : "";
    const below = datatype ? [element("span", { class: "datatype" }, datatype)] : [];
    const about = { scope: "col", class: kind, title, "data-variable": name, tabindex: "-1" };
    return element("th", about, `?${name}`, ...below);
  }

  cell(name, term, terms) {
    if (term === null) return element("td", {}, "");
    const [short, full] = terms[term];
    return element("td", { "data-variable": name, "data-term": term, title: full, tabindex: "-1" }, split(short)[0]);
  }

  moved(event) {
    const cell = event.target.closest("[data-variable]");
    const steps = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
    if (!cell) return;
    if (event.key === "Enter") {
      this.on.pick(...told(cell));
      event.preventDefault();
    }
    const step = steps[event.key];
    if (!step) return;
    const rows = [...this.root.querySelectorAll("tr")];
    const line = cell.parentElement;
    const next = rows[rows.indexOf(line) + step[0]]?.children[[...line.children].indexOf(cell) + step[1]];
    event.preventDefault();
    if (!next?.dataset.variable) return;
    cell.tabIndex = -1;
    next.tabIndex = 0;
    next.focus({ preventScroll: true });
    bringIntoView(this.root, next);
  }

  light(selection, isShown) {
    lightTerms(this.root, selection, isShown);
  }
}

function told(cell) {
  return [cell.dataset.variable, cell.dataset.term ? Number(cell.dataset.term) : null];
}

/** A term without its datatype, and that. */
function split(short) {
  const at = short.lastIndexOf("^^");
  return at < 0 ? [short, ""] : [short.slice(0, at), short.slice(at + 2)];
}
