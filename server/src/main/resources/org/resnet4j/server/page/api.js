// Requests to the server. Whatever goes wrong becomes a Failure with the name of a text.

const KINDS = {
  400: "failed", 401: "unauthorized", 403: "forbidden", 404: "unknown", 408: "late", 413: "large", 415: "picture422",
  422: "picture422", 429: "busy", 503: "busy", 504: "late",
};

let token = "";

export class Failure extends Error {
  /** @param kind the name of a text; seconds: when to try again, or 0 */
  constructor(kind, detail, seconds = 0) {
    super(detail);
    this.kind = kind;
    this.seconds = seconds;
  }
}

/** Sends this token with all requests from now on. */
export function useToken(value) {
  token = value;
}

async function call(address, options = {}) {
  const headers = { "Content-Type": "application/octet-stream" };
  if (token) {
    headers.Authorization = `Bearer ${token}`;
  }
  let response;
  try {
    response = await fetch(address, { ...options, headers, cache: "no-store" });
  } catch (failure) {
    if (failure.name === "AbortError") {
      throw failure;
    }
    throw new Failure("gone", "");
  }
  if (!response.ok) {
    const body = await response.json().catch(() => ({}));
    const kind = response.status === 401 && token ? "forbidden" : KINDS[response.status] ?? "failed";
    const seconds = kind === "busy" ? Number(response.headers.get("Retry-After")) || 1 : 0;
    throw new Failure(kind, body.error ?? "", seconds);
  }
  return response;
}

function query(model, more) {
  return new URLSearchParams({ model: model.name, version: model.version, ...more });
}

/** Returns all versions of all models: the newest version of each model before its older ones. */
export async function models() {
  const { models: all } = await (await call("v1/models")).json();
  return all.flatMap(({ name, versions }) =>
    versions.map((version) => ({ ...version, name, several: versions.length > 1 })).reverse());
}

/** Returns the classes of a picture, with the heat map of the best one. */
export async function classify(model, file, signal) {
  const address = `v1/classify?${query(model, { top: 5, heatmap: true })}`;
  return (await call(address, { method: "POST", body: file, signal })).json();
}

/** Returns the heat map of a class as a PNG file. */
export async function heatMap(model, file, index) {
  const address = `v1/heatmap?${query(model, { class: index })}`;
  return (await call(address, { method: "POST", body: file })).blob();
}

/** Returns the drawing of a network as an SVG file. */
export async function drawing(model) {
  const address = `v1/models/${encodeURIComponent(model.name)}/drawing?${new URLSearchParams({ version: model.version })}`;
  return (await call(address)).blob();
}
