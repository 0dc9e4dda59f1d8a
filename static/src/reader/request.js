/** Calls that say something, and what their refusals mean in words. */

/**
 * @param {import("../types").Context["call"]} read
 * @returns {import("../types").ReaderContext["call"]}
 */
export const request =
  (read) =>
  (path, { method = "GET", body, headers, key, ...rest } = {}) =>
    read(path, {
      ...rest,
      method,
      headers: { ...headers, ...(body ? { "Content-Type": "application/json" } : {}), ...(key ? { "Idempotency-Key": key } : {}) },
      body: body ? JSON.stringify(body) : undefined,
    });

/**
 * Words for an error: by its code, else what the server said.
 * @param {(key: string, vars?: import("../types").Vars) => string} t
 */
export const errors = (t) => (/** @type {any} */ problem) => {
  const key = `error.${problem?.code}`;
  const words = t(key, problem?.details);
  return words === key ? String((problem?.code && problem.message) || t("list.failed")) : words;
};
