// What the page asks its own server, and nobody else.

const PATIENCE = 15000;

/** A refusal or failure, as a sentence. ``isTransient`` when the same may work in a moment. */
export class ServerError extends Error {
  constructor(message, isTransient) {
    super(message);
    this.isTransient = isTransient;
  }
}

export function get(path) {
  return ask(path, {});
}

export function post(path, body) {
  return ask(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
}

async function ask(path, options) {
  let response;
  try {
    response = await fetch(`api/${path}`, { ...options, signal: AbortSignal.timeout(PATIENCE) });
  } catch (error) {
    const slow = error.name === "TimeoutError";
    const said = slow ? `has not answered for ${PATIENCE / 1000} seconds` : "cannot be reached; is it still running?";
    throw new ServerError(`The playground's server ${said}`, true);
  }
  const document = await response.json().catch(() => null);
  if (response.ok && document !== null) return document;
  const said = document?.detail || `The playground's server failed (${response.status}).`;
  throw new ServerError(said, response.status >= 500);
}
