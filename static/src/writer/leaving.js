/** The browser's own question before one leaves: asked only while leaving would lose, or hold up, what was written. */

/** Listening costs the page its place in the browser's memory of pages, so it is done no longer than it must be.
 * @param {AbortSignal} signal */
export function leaving(signal) {
  const ask = (/** @type {Event} */ event) => event.preventDefault();
  signal.addEventListener("abort", () => removeEventListener("beforeunload", ask), { once: true });
  return (/** @type {boolean} */ yes) => {
    removeEventListener("beforeunload", ask);
    if (yes && !signal.aborted) addEventListener("beforeunload", ask);
  };
}
