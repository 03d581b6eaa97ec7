// The tokens of a graph pattern.

const TOKEN =
  /(?<comment>#[^\n]*)|(?<iri><[^<>\s]*>)|(?<string>"(?:[^"\\\n]|\\.)*"?)|(?<variable>[?$]\w+)|(?<keyword>\b(?:PREFIX|CONSTRUCT|WHERE)\b)|(?<name>[A-Za-z][\w.-]*:[\w%-]*|:[\w%-]+)|(?<type>\ba\b)/gi;

/** {tokens: [{start, end, kind, variable}]}; what has no colour is left out. */
export function scan(text) {
  const tokens = [...text.matchAll(TOKEN)].map((found) => {
    const kind = Object.keys(found.groups).find((name) => found.groups[name] !== undefined);
    const variable = kind === "variable" ? found[0].slice(1) : "";
    return { start: found.index, end: found.index + found[0].length, kind, variable };
  });
  return { tokens };
}
