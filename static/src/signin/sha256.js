/** SHA-256 (FIPS 180-4): crypto.subtle is missing on http pages, and a promise would come too late for a popup's click. */

/** The first 32 bits of the fractional parts of the roots of the first primes. @param {number} count @param {number} power */
function roots(count, power) {
  const out = [];
  for (let n = 2; out.length < count; n++) {
    let prime = true;
    for (let d = 2; d * d <= n; d++) if (n % d === 0) prime = false;
    if (prime) out.push(((n ** power % 1) * 2 ** 32) | 0);
  }
  return out;
}

const K = roots(64, 1 / 3);
const START = roots(8, 1 / 2);

/** @param {string} text ASCII or any Unicode, taken as UTF-8 @returns {Uint8Array} 32 bytes */
export function sha256(text) {
  const bytes = new TextEncoder().encode(text);
  const length = ((bytes.length + 72) >> 6) << 6;
  const padded = new Uint8Array(length);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(length - 8, Math.floor(bytes.length / 2 ** 29));
  view.setUint32(length - 4, bytes.length << 3);

  const state = [...START];
  const w = new Int32Array(64);
  const turn = (/** @type {number} */ x, /** @type {number} */ by) => (x >>> by) | (x << (32 - by));
  for (let block = 0; block < length; block += 64) {
    for (let i = 0; i < 64; i++) {
      if (i < 16) w[i] = view.getInt32(block + i * 4);
      else {
        const early = w[i - 15];
        const late = w[i - 2];
        w[i] = w[i - 16] + (turn(early, 7) ^ turn(early, 18) ^ (early >>> 3)) + w[i - 7] + (turn(late, 17) ^ turn(late, 19) ^ (late >>> 10));
      }
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let i = 0; i < 64; i++) {
      const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[i] + w[i]) | 0;
      const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
    }
    [a, b, c, d, e, f, g, h].forEach((value, i) => (state[i] = (state[i] + value) | 0));
  }
  const out = new DataView(new ArrayBuffer(32));
  state.forEach((value, i) => out.setInt32(i * 4, value));
  return new Uint8Array(out.buffer);
}
