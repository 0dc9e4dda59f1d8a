/** The server's JSON interface: one call, one kind of error. */

const PATIENCE = 30_000;

/**
 * What a call throws: an Error whose `code` is stable ("network" when there was no answer), `message` the server's English.
 * @param {string} code @param {string} message @param {number} status @param {object} details
 */
const failure = (code, message, status, details) => Object.assign(new Error(message), { code, status, details });

/**
 * @param {string} base the server's address, ending in a slash
 * @param {string} path below api/v1/
 * @param {import("./types").CallOptions} [options]
 * @returns {Promise<any>} the JSON of a 2xx answer, null for 204; else it throws
 */
export async function call(base, path, { method = "GET", query = {}, body, headers, key, fresh, signal } = {}) {
  const url = new URL(`api/v1/${path}`, base);
  for (const name of Object.keys(query)) if (query[name]) url.searchParams.set(name, String(query[name]));
  /** @type {Record<string, string>} */
  const sent = { ...headers };
  if (body) sent["Content-Type"] = "application/json";
  if (key) sent["Idempotency-Key"] = key;

  let answer, data;
  try {
    answer = await fetch(url.href, {
      method,
      headers: sent,
      body: body ? JSON.stringify(body) : undefined,
      credentials: "omit",
      cache: fresh ? "no-cache" : "default",
      signal: AbortSignal.timeout(PATIENCE),
    });
    data = answer.status === 204 ? null : await answer.json();
  } catch {
    // An answer that is no JSON comes from something between us and the server: as good as none.
    answer = { ok: false, status: 0 };
  }
  // Nobody waits for it any more.
  signal?.throwIfAborted();
  if (answer.ok) return data;
  const error = data?.error || {};
  throw failure(error.code || (answer.status ? "server.error" : "network"), String(error.message || answer.status), answer.status, error);
}
