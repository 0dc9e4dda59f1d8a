/** The server's JSON interface: one call, one kind of error. */

const PATIENCE = 30_000;

/**
 * @param {string} base the server's address, ending in a slash
 * @param {string} path below api/v1/
 * @param {import("./types").ReadOptions} [options] the rest goes to fetch
 * @returns {Promise<any>} the JSON of a 2xx answer, null for 204; else it throws an Error whose `code` is stable ("network"
 *   when there was no answer), `message` the server's English
 */
export async function call(base, path, { query = {}, fresh, signal, ...init } = {}) {
  const url = new URL(`api/v1/${path}`, base);
  for (const name of Object.keys(query)) if (query[name]) url.searchParams.set(name, String(query[name]));
  let answer, data;
  try {
    answer = await fetch(url.href, {
      ...init,
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
  const { status } = answer;
  throw Object.assign(new Error(error.message || status), { code: error.code || (status ? "server.error" : "network"), status, details: error });
}
