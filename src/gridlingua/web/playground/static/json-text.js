// JSON as text: its tokens, and where each value stands, by JSON Pointer. A text that is broken is read as far as it goes.

const TOKEN = /\s+|"(?:[^"\\\n]|\\.)*"?|-?\d[\d.eE+-]*|[A-Za-z]+|[{}[\],:]|./gs;

const DEEPEST = 100;

/** {tokens: [{start, end, kind, pointer}], places: Map pointer → {start, end}}; kinds: key, string, number, word, mark. */
export function scan(text) {
  const tokens = [...text.matchAll(TOKEN)]
    .filter(([word]) => word.trim())
    .map((found) => ({ start: found.index, end: found.index + found[0].length, text: found[0], kind: kindOf(found[0]) }));
  const reader = new Reader(tokens);
  reader.value("");
  return { tokens, places: reader.places };
}

function kindOf(word) {
  if (word[0] === '"') return "string";
  if (/^[-\d]/.test(word)) return "number";
  return /^[A-Za-z]/.test(word) ? "word" : "mark";
}

class Reader {
  constructor(tokens) {
    this.tokens = tokens;
    this.at = 0;
    this.places = new Map();
  }

  /** Reads a value; whether there was one. */
  value(pointer, depth = 0) {
    const first = this.tokens[this.at];
    if (!first || depth > DEEPEST || (first.kind === "mark" && !"{[".includes(first.text))) return false;
    first.pointer = pointer;
    this.at += 1;
    const place = { start: first.start, end: first.end };
    this.places.set(pointer, place);
    if (first.text === "{") this.members(pointer, "}", place, depth);
    if (first.text === "[") this.members(pointer, "]", place, depth);
    return true;
  }

  /** Reads what stands in an object or array, and its end. */
  members(pointer, end, place, depth) {
    for (let index = 0; this.at < this.tokens.length && !this.ends(end, pointer, place); index += 1) {
      const before = this.at;
      if (end === "}") this.member(pointer, depth);
      else this.value(`${pointer}/${index}`, depth + 1);
      if (this.tokens[this.at]?.text === ",") this.at += 1;
      if (this.at === before) return;
    }
  }

  ends(end, pointer, place) {
    const token = this.tokens[this.at];
    if (token.text !== end) return false;
    token.pointer = pointer;
    place.end = token.end;
    this.at += 1;
    return true;
  }

  member(pointer, depth) {
    const key = this.tokens[this.at];
    if (key.kind !== "string") return;
    key.kind = "key";
    key.pointer = `${pointer}/${escaped(nameOf(key.text))}`;
    this.at += 1;
    if (this.tokens[this.at]?.text !== ":") return;
    this.at += 1;
    if (!this.value(key.pointer, depth + 1)) this.places.set(key.pointer, { start: key.start, end: key.end });
  }
}

function nameOf(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text.replaceAll('"', "");
  }
}

function escaped(name) {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}

/** The place of a pointer, or of the nearest thing around it that is there. */
export function placeOf(places, pointer) {
  for (let at = pointer; ; at = at.slice(0, at.lastIndexOf("/"))) {
    if (places.has(at)) return places.get(at);
    if (!at) return null;
  }
}

/** Where a line and column, both from 1, stand. */
export function offsetOf(text, line, column) {
  const before = text.split("\n").slice(0, line - 1);
  return Math.min(text.length, before.reduce((sum, one) => sum + one.length + 1, 0) + Math.max(0, column - 1));
}

/** The same JSON with two blanks a level, numbers as they were written; null when the text is broken. */
export function formatted(text) {
  try {
    JSON.parse(text);
  } catch {
    return null;
  }
  const tokens = [...text.matchAll(TOKEN)].map(([word]) => word).filter((word) => word.trim());
  let depth = 0;
  const line = () => `\n${"  ".repeat(depth)}`;
  return tokens.reduce((made, word, n) => {
    if ("{[".includes(word)) {
      const isEmpty = "}]".includes(tokens[n + 1]);
      if (!isEmpty) depth += 1;
      return made + word + (isEmpty ? "" : line());
    }
    if ("}]".includes(word)) {
      if ("{[".includes(tokens[n - 1])) return made + word;
      depth -= 1;
      return made + line() + word;
    }
    return made + (word === "," ? `,${line()}` : word === ":" ? ": " : word);
  }, "");
}
