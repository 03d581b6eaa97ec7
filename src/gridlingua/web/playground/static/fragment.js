// All that is on the page, in the fragment of its address: which no browser sends to anybody.

const VERSION = "1.";
export const LONGEST = 32000;

export class FragmentError extends Error {}

/** The fragment of a state, without #. */
export async function write(state) {
  const packed = await through(new TextEncoder().encode(JSON.stringify(state)), new CompressionStream("deflate-raw"));
  let binary = "";
  for (const byte of packed) binary += String.fromCharCode(byte);
  return VERSION + btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** The state of a fragment, with or without #; null when there is none. FragmentError says what is wrong with it. */
export async function read(fragment) {
  const text = fragment.replace(/^#/, "");
  if (!text) return null;
  if (!text.startsWith(VERSION)) throw new FragmentError("This link is of another version of the playground, or is none.");
  try {
    return checked(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(await unpacked(text.slice(VERSION.length)))));
  } catch {
    throw new FragmentError("This link is damaged: it was cut off or changed on its way.");
  }
}

async function unpacked(text) {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return through(Uint8Array.from(binary, (char) => char.charCodeAt(0)), new DecompressionStream("deflate-raw"));
}

const MOST = 2 ** 21;

/** What comes out of a stream that takes these bytes; no more than MOST, whatever was packed. */
async function through(bytes, stream) {
  const writer = stream.writable.getWriter();
  const written = writer.write(bytes).then(() => writer.close());
  written.catch(() => {}); // the reader below says it
  const found = [];
  let size = 0;
  for (const reader = stream.readable.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > MOST) throw new FragmentError("This link holds more than a playground takes.");
    found.push(value);
  }
  const joined = new Uint8Array(size);
  found.reduce((at, chunk) => (joined.set(chunk, at), at + chunk.length), 0);
  return joined;
}

const TEXTS = ["exchange", "profile", "part", "case", "request", "reply"];

function checked(state) {
  const isWhole = TEXTS.every((name) => typeof state[name] === "string") && ["request", "reply"].includes(state.part);
  const texts = Object.values(state.patterns);
  if (!isWhole || !texts.every((text) => typeof text === "string")) throw new FragmentError("no state");
  const { patterns } = state;
  return { ...Object.fromEntries(TEXTS.map((name) => [name, state[name]])), patterns };
}
