/** What this browser remembers for the page: localStorage where it is allowed, else the life of the page. */

/** @type {Map<string, string>} */
const memory = new Map();
const PREFIX = "cw:";

/** @returns {Storage | null} */
function disk() {
  try {
    // Asking is enough to throw where a browser denies it; writing where the quota is nought.
    localStorage.setItem(`${PREFIX}?`, "1");
    localStorage.removeItem(`${PREFIX}?`);
    return localStorage;
  } catch {
    return null;
  }
}

const place = disk();

/** Whether what is kept survives the page. */
export const lasting = place !== null;

/** @param {string} name @returns {any} null where there is nothing that can be read */
export function read(name) {
  try {
    const kept = memory.get(name) ?? place?.getItem(PREFIX + name);
    return kept ? JSON.parse(kept) : null;
  } catch {
    return null;
  }
}

/** @param {string} name @param {unknown} value null forgets it */
export function write(name, value) {
  // Undefined where a page's old library gave arrays or strings a toJSON of its own; hence only plain objects in here.
  const kept = value === null ? null : JSON.stringify(value);
  memory.delete(name);
  try {
    if (kept === null) place?.removeItem(PREFIX + name);
    else if (place) place.setItem(PREFIX + name, kept);
    else memory.set(name, kept);
  } catch {
    if (kept !== null) memory.set(name, kept); // the quota is used up
  }
}

/** @param {string} start @returns {string[]} the names kept that begin so */
export function names(start) {
  const kept = [...memory.keys()];
  try {
    for (let at = 0; place && at < place.length; at++) {
      const name = place.key(at) || "";
      if (name.startsWith(PREFIX)) kept.push(name.slice(PREFIX.length));
    }
  } catch {
    // Denied since: what is in memory is all there is.
  }
  return kept.filter((name) => name.startsWith(start));
}

/** Told when another tab changes `name`. @param {string} name @param {() => void} told @param {AbortSignal} signal */
export function follow(name, told, signal) {
  const heard = (/** @type {StorageEvent} */ event) => {
    if (event.key === PREFIX + name || event.key === null) told();
  };
  addEventListener("storage", heard, { signal });
}

/** @param {number} bytes @returns {string} so many random bytes, base64url */
export function random(bytes) {
  return base64url(crypto.getRandomValues(new Uint8Array(bytes)));
}

/** @param {Uint8Array} bytes */
export function base64url(bytes) {
  return btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
}
