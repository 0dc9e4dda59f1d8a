/** Signing in with a provider, on a page that is not ours: a window, a ticket, and the verifier that stays here. */
import { here } from "../config.js";
import { sha256 } from "./sha256.js";

const LIFE = 600_000;
/** How often a window is looked at, whether it is still there. Milliseconds. */
const LOOK = 700;

/** @typedef {import("../types").Provider} Provider */
/** @typedef {{verifier: string, base: string, site: string, mode: string, at: number}} Login */

/**
 * @param {object} kit
 * @param {string} kit.base
 * @param {string} kit.site
 * @param {string} kit.lang
 * @param {(body: object, key: string) => Promise<import("../types").Held>} kit.exchange
 * @param {Pick<typeof import("../reader/store.js"), "base64url" | "names" | "random" | "read" | "write">} kit.store
 */
export function signin({ base, site, lang, exchange, store: { base64url, names, random, read, write } }) {
  const server = new URL(base).origin;
  // Logins nobody finished are of no use to anybody.
  for (const name of names("tx|")) if (!(Date.now() - read(name)?.at < LIFE)) write(name, null);

  /** @param {Provider} provider @param {"popup" | "redirect"} mode @param {string} at */
  function begin(provider, mode, at) {
    const tx = random(16);
    const verifier = random(32);
    write(`tx|${tx}`, /** @type {Login} */ ({ verifier, base, site, mode, at: Date.now() }));
    const url = new URL("auth/start", base);
    const challenge = base64url(sha256(verifier));
    const query = { site, provider: provider.id, tx, challenge, return_to: here(), mode, lang, at };
    for (const [name, value] of Object.entries(query)) if (value) url.searchParams.set(name, value);
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
     * @param {string} at what the provider asks for, "" for most
     * @param {object} told
     * @param {(held: import("../types").Held) => void} told.done
     * @param {(problem: unknown) => void} told.failed
     * @param {AbortSignal} told.signal when nobody looks any more; a ticket still counts
     * @param {() => void} told.gone the window seems to be closed; a provider's policy makes it seem so too
     * @returns {{opened: boolean, cancel: () => void}} opened false: blocked, or hidden from us by the page's own policy
     */
    popup(provider, at, { done, failed, gone, signal }) {
      const { tx, url } = begin(provider, "popup", at);
      const left = Math.max(0, Math.round(screenX + (outerWidth - 520) / 2));
      const top = Math.max(0, Math.round(screenY + (outerHeight - 680) / 3));
      /** @type {Window | null} */
      let opened = null;
      try {
        opened = window.open(url, `cw${random(9)}`, `popup,width=520,height=680,left=${left},top=${top}`);
      } catch {
        // In a sandbox without windows Firefox throws; others answer null.
      }
      const heard = (/** @type {MessageEvent} */ event) => {
        if (event.origin !== server || !opened || event.source !== opened || event.data?.tx !== tx) return;
        if (event.data.type === "cw:error") {
          stop();
          write(`tx|${tx}`, null);
          // What was typed is put right here.
          if (event.data.code === "signin.bad_address") opened.close();
          failed({ code: String(event.data.code) });
        }
        if (event.data.type !== "cw:ticket") return;
        stop();
        opened.postMessage({ type: "cw:ack" }, server);
        const login = take(tx);
        if (login) redeem(login, tx, String(event.data.code)).then(done, failed);
        else failed({ code: "signin.expired" });
      };
      let seen = 0;
      const watch = setInterval(() => {
        // Twice, as a window that brings its ticket closes itself.
        seen = opened?.closed ? seen + 1 : 0;
        if (seen < 2) return;
        clearInterval(watch);
        gone();
      }, LOOK);
      signal.addEventListener("abort", () => clearInterval(watch));
      const stop = () => {
        clearInterval(watch);
        removeEventListener("message", heard);
      };
      addEventListener("message", heard, { signal });
      return {
        opened: !!opened,
        cancel() {
          stop();
          write(`tx|${tx}`, null);
          opened?.close();
        },
      };
    },

    /** Leave for the provider in this tab. @param {Provider} provider @param {string} at */
    leave(provider, at) {
      location.assign(begin(provider, "redirect", at).url);
    },

    /**
     * The ticket that came in the address.
     * @param {{tx: string, code: string}} ticket
     * @returns {{popup: boolean, held: Promise<import("../types").Held>} | null} null: not begun in this browser, nothing happens
     */
    arrive({ tx, code }) {
      const login = take(tx);
      return login && { popup: login.mode === "popup", held: redeem(login, tx, code) };
    },
  };
}
