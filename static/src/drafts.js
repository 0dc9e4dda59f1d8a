/** What is being written, per box of a conversation; and for each send one key, kept until there is an answer. */
import { random, read, write } from "./store.js";

const DAYS = 30 * 86_400_000;

/** @typedef {{text?: string, open?: boolean, at?: number, sent?: {mark: string, key: string, body: any}}} Draft */

/** @param {string} base @param {string} site @param {string} page */
export function drafts(base, site, page) {
  const name = `draft|${base}|${site}|${page}`;
  /** @returns {Record<string, Draft>} */
  const all = () => read(name) || {};

  /** @param {string} box @param {Draft | null} news null forgets it */
  function put(box, news) {
    const kept = all();
    if (news) kept[box] = { ...kept[box], ...news, at: Date.now() };
    else delete kept[box];
    for (const other of Object.keys(kept)) if (!(Date.now() - (kept[other].at || 0) < DAYS)) delete kept[other];
    write(name, Object.keys(kept).length ? kept : null);
  }

  return {
    all,
    put,
    /** @param {string} box @returns {Draft} */
    get: (box) => all()[box] || {},
    /**
     * The request to send for this press: the one of the last press if it has had no answer and says the same, so that
     * a comment whose answer was lost is not made twice; else a new one.
     * @param {string} box @param {string} mark what it says and who says it
     * @param {() => any} make
     * @returns {{key: string, body: any}}
     */
    request(box, mark, make) {
      const before = all()[box]?.sent;
      if (before?.mark === mark) return before;
      const sent = { mark, key: random(24), body: make() };
      put(box, { sent });
      return sent;
    },
    /** There was an answer. @param {string} box */
    answered: (box) => put(box, { sent: undefined }),
  };
}
