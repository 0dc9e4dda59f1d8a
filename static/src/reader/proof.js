/** Proof of possession (DPoP, RFC 9449): a key of this browser that no script can carry away, and a proof per request. */
import { base64url, random } from "./store.js";

const EC = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
/** Some browsers never answer when IndexedDB is asked. Milliseconds. */
const PATIENCE = 3_000;
/** A refusal within so many milliseconds of the server's clock is not the clock's fault. */
const SKEW = 30_000;

/** @typedef {import("../types").Held} Held */

const utf8 = (/** @type {string} */ text) => new TextEncoder().encode(text);
const part = (/** @type {object} */ value) => base64url(utf8(JSON.stringify(value)));

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
const answer = (request) =>
  new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });

/**
 * The key pair kept under `name`; made where there is none. It throws where this browser can make or keep none.
 * @param {string} name @returns {Promise<CryptoKeyPair>}
 */
async function open(name) {
  if (!crypto.subtle) throw new Error("An http page has no keys.");
  const opening = indexedDB.open("comment-widget", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("keys");
  const db = await answer(opening);
  try {
    const kept = await answer(db.transaction("keys").objectStore("keys").get(name));
    if (kept) return kept;
    const made = /** @type {CryptoKeyPair} */ (await crypto.subtle.generateKey(EC, false, ["sign"]));
    const change = db.transaction("keys", "readwrite");
    const shelf = change.objectStore("keys");
    // Another tab may have been quicker: the first key is everybody's.
    const first = await answer(shelf.get(name));
    if (first) return first;
    await new Promise((done, failed) => {
      shelf.put(made, name);
      change.oncomplete = done;
      change.onabort = failed;
    });
    return made;
  } finally {
    db.close();
  }
}

/**
 * @param {import("../types").ReaderContext["call"]} call
 * @param {string} base @param {string} site
 */
export function proofs(call, base, site) {
  /** By how much the server's clock is ahead of ours. Milliseconds. */
  let ahead = 0;
  /** @type {Promise<CryptoKeyPair | null> | null} */
  let asked = null;

  /** null on http pages, and where storage is denied: sessions are then good without a key. */
  const pair = () =>
    (asked ??= Promise.race([open(`${base}|${site}`), new Promise((_, late) => setTimeout(late, PATIENCE))]).catch(() => (asked = null)));

  /** The key's public half, for a session that shall be bound to it. @returns {Promise<JsonWebKey | undefined>} */
  async function jwk() {
    const keys = await pair();
    if (!keys) return;
    const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", keys.publicKey);
    return { kty, crv, x, y };
  }

  /** @param {Held} held @param {string} htm @param {string} path @param {string} [key] @returns {Promise<Record<string, string>>} */
  async function headers({ token, token_type }, htm, path, key) {
    if (token_type !== "DPoP") return { Authorization: `Bearer ${token}` };
    const keys = await pair();
    // Its key is gone, and so is the session.
    if (!keys) throw Object.assign(new Error("The key is gone."), { code: "session.bad_proof", status: 401 });
    const claims = {
      htm,
      htu: new URL(`api/v1/${path}`, base).href,
      iat: Math.floor((Date.now() + ahead) / 1000),
      ath: base64url(new Uint8Array(await crypto.subtle.digest("SHA-256", utf8(token)))),
      jti: key || random(16),
    };
    const said = `${part({ typ: "dpop+jwt", alg: "ES256", jwk: await jwk() })}.${part(claims)}`;
    const mark = await crypto.subtle.sign(EC, keys.privateKey, utf8(said));
    return { Authorization: `DPoP ${token}`, DPoP: `${said}.${base64url(new Uint8Array(mark))}` };
  }

  /** @type {import("../types").Ask} */
  async function ask(path, { held, ...options } = {}) {
    if (!held) return call(path, options);
    for (let tries = 0; ; tries++) {
      const believed = ahead;
      try {
        return await call(path, { ...options, headers: await headers(held, options.method || "GET", path, options.key) });
      } catch (/** @type {any} */ problem) {
        // A clock that is wrong is set by the server's, once; another call may have done so meanwhile.
        const off = problem.details?.now * 1000 - Date.now() - believed;
        if (tries || problem.code !== "session.bad_proof" || !(Math.abs(off) > SKEW)) throw problem;
        ahead = believed + off;
      }
    }
  }

  return { ask, jwk };
}
