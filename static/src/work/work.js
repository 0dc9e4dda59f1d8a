/** The work that a flood of comments makes dear: an answer with which a token's SHA-256 begins with zero bits.
 *
 * Done in small pieces on the page's own thread: a worker's script must be of the page's own origin, and one made of a blob
 * is what a strict policy (worker-src) forbids, with a report to the page's owner for each attempt. */
import { sha256 } from "../signin/sha256.js";

/** Milliseconds at a stretch: less than a frame. */
const PIECE = 8;

/** @param {Uint8Array} bytes @param {number} bits */
function begins(bytes, bits) {
  for (let at = 0; at < bits; at++) if ((bytes[at >> 3] >> (7 - (at & 7))) & 1) return false;
  return true;
}

/** @param {string} token @param {number} bits @param {AbortSignal} signal @returns {Promise<string>} rejects once nobody needs it */
export async function work(token, bits, signal) {
  for (let at = 0; ; ) {
    const end = performance.now() + PIECE;
    while (performance.now() < end) {
      const answer = (at++).toString(36);
      if (begins(sha256(`${token}.${answer}`), bits)) return answer;
    }
    await new Promise((done) => setTimeout(done));
    signal.throwIfAborted();
  }
}
