// What belongs together: a field of the message, its variable in pattern and drawing, its terms in rows and Turtle.

/** What a reading says of it. */
export class Links {
  constructor(reading) {
    this.columns = reading.columns ?? [];
    this.rows = reading.rows ?? [];
    this.fillings = reading.fillings;
  }

  filling(variable) {
    return this.fillings.find((one) => one.variable === variable);
  }

  /** What a place of a message (its part and JSON Pointer) belongs to. */
  ofPlace(part, pointer) {
    const pattern = starred(pointer);
    const mine = this.fillings.filter((one) => one.part === part && same(one.pointer, pattern, pointer));
    return this.selection(mine.map((one) => [one, (row) => this.pointerIn(row, one) === (pointer || "/")]));
  }

  /** What a variable belongs to, or only a term of it (by its number). */
  ofVariable(variable, term = null) {
    const filling = this.filling(variable);
    const column = this.columns.indexOf(variable);
    const has = (row) => term === null || row.terms[column] === term;
    if (!filling) return { variables: new Set([variable]), terms: new Map(), places: new Set() };
    return this.selection([[filling, has]]);
  }

  selection(wanted) {
    const found = { variables: new Set(), terms: new Map(), places: new Set() };
    for (const [filling, has] of wanted) {
      const column = this.columns.indexOf(filling.variable);
      const rows = this.rows.filter(has);
      found.variables.add(filling.variable);
      found.terms.set(filling.variable, new Set(rows.map((row) => row.terms[column])));
      for (const row of rows) found.places.add(`${filling.part} ${this.pointerIn(row, filling)}`);
    }
    return found;
  }

  /** The concrete pointer of what filled a variable in a row; / for the whole message. */
  pointerIn(row, filling) {
    const at = [...(row.at[filling.part] ?? [])];
    return filling.pointer.split("/").map((step) => (step === "*" && at.length ? at.shift() : step)).join("/");
  }
}

/** A concrete pointer with every index as *. */
function starred(pointer) {
  return pointer.replace(/\/\d+(?=\/|$)/g, "/*");
}

function same(declared, pattern, pointer) {
  return declared === pattern || declared === pointer || (declared === "/" && pointer === "");
}

export const NOTHING = { variables: new Set(), terms: new Map(), places: new Set() };

const DWELL = 250;

/** Lights up what is pointed at, or else what has the focus, in every panel. Panels that nobody is in show it, too. */
export class Pointing {
  constructor(panels) {
    this.panels = panels;
    this.hovered = null;
    this.focused = null;
    this.timer = 0;
  }

  hover(selection) {
    clearTimeout(this.timer);
    this.hovered = selection;
    this.show(false);
    if (selection) this.timer = setTimeout(() => this.show(true), DWELL);
  }

  /** What the focus is on, which is newer than where the mouse happens to rest. */
  focus(selection) {
    this.focused = selection;
    if (selection) this.hovered = null;
    clearTimeout(this.timer);
    this.show(selection !== null);
  }

  show(isShown) {
    for (const panel of this.panels) panel.light(this.hovered ?? this.focused ?? NOTHING, isShown);
  }
}
