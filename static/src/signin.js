/** Signing in with a provider, on a page that is not ours: a window, a ticket, and the verifier that stays here. */
import { here } from "./config.js";
import { sha256 } from "./sha256.js";
import { base64url, names, random, read, write } from "./store.js";

const LIFE = 600_000;

/** @typedef {import("./types").Provider} Provider */
/** @typedef {{verifier: string, base: string, site: string, mode: string, at: number}} Login */

/** Logins nobody finished are of no use to anybody. */
function sweep() {
  for (const name of names("tx|")) {
    const login = read(name);
    if (!(Date.now() - login?.at < LIFE)) write(name, null);
  }
}

/**
 * @param {object} kit
 * @param {string} kit.base
 * @param {string} kit.site
 * @param {string} kit.lang
 * @param {(body: object, key: string) => Promise<import("./types").Held>} kit.exchange
 */
export function signin({ base, site, lang, exchange }) {
  const server = new URL(base).origin;
  sweep();

  /** @param {Provider} provider @param {"popup" | "redirect"} mode */
  function begin(provider, mode) {
    const tx = random(16);
    const verifier = random(32);
    write(`tx|${tx}`, /** @type {Login} */ ({ verifier, base, site, mode, at: Date.now() }));
    const url = new URL("auth/start", base);
    const challenge = base64url(sha256(verifier));
    const query = { site, provider: provider.id, tx, challenge, return_to: here(), mode, lang };
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    return { tx, url: url.href };
  }

  /** The login `tx` if this browser began it for this site; it can be had once. @param {string} tx @returns {Login | null} */
  function take(tx) {
    const login = read(`tx|${tx}`);
    if (!login || login.base !== base || login.site !== site) return null;
    write(`tx|${tx}`, null);
    return Date.now() - login.at < LIFE ? login : null;
  }

  /** @param {Login} login @param {string} tx @param {string} code */
  const redeem = (login, tx, code) => exchange({ site, tx, code, verifier: login.verifier }, tx);

  return {
    /**
     * Call it inside the click: a window that opens later is blocked.
     * @param {Provider} provider
     * @param {(held: import("./types").Held) => void} done
     * @param {(problem: unknown) => void} failed
     * @returns {{opened: boolean, cancel: () => void}} opened false: blocked, or hidden from us by the page's own policy
     */
    popup(provider, done, failed) {
      const { tx, url } = begin(provider, "popup");
      const left = Math.max(0, Math.round(screenX + (outerWidth - 520) / 2));
      const top = Math.max(0, Math.round(screenY + (outerHeight - 680) / 3));
      const opened = window.open(url, `cw${random(9)}`, `popup,width=520,height=680,left=${left},top=${top}`);
      const heard = (/** @type {MessageEvent} */ event) => {
        if (event.origin !== server || !opened || event.source !== opened || event.data?.tx !== tx) return;
        if (event.data.type === "cw:error") {
          stop();
          write(`tx|${tx}`, null);
          failed({ code: String(event.data.code) });
        }
        if (event.data.type !== "cw:ticket") return;
        stop();
        opened.postMessage({ type: "cw:ack" }, server);
        const login = take(tx);
        if (login) redeem(login, tx, String(event.data.code)).then(done, failed);
        else failed({ code: "signin.expired" });
      };
      const stop = () => removeEventListener("message", heard);
      addEventListener("message", heard);
      return {
        opened: !!opened,
        cancel() {
          stop();
          write(`tx|${tx}`, null);
          opened?.close();
        },
      };
    },

    /** Leave for the provider in this tab. @param {Provider} provider */
    leave(provider) {
      location.assign(begin(provider, "redirect").url);
    },

    /**
     * The ticket that came in the address.
     * @param {{tx: string, code: string}} ticket
     * @returns {{popup: boolean, held: Promise<import("./types").Held>} | null} null: not begun in this browser, nothing happens
     */
    arrive({ tx, code }) {
      const login = take(tx);
      return login && { popup: login.mode === "popup", held: redeem(login, tx, code) };
    },
  };
}
