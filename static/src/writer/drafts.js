/** What is being written, per box of a conversation; and for each send one key, kept until there is an answer. */
/** Errors after which nobody knows whether it was done. */
export const unanswered = (/** @type {any} */ problem) => problem?.code === "network" || problem?.status >= 500;

/** The connection is gone, or what answers is not the server but what stands before it while it is away. */
export const cut = (/** @type {any} */ problem) => problem?.code === "network" || problem?.status > 501;

const DAYS = 30 * 86_400_000;

/** @typedef {import("../types").Draft} Draft */

/** @param {Pick<import("../types").KnownContext, "ask" | "store" | "shelf" | "kept">} context */
export function drafts({ ask, store, shelf, kept: all }) {
  /** @param {string} box @param {Draft | null} news null forgets it */
  function put(box, news) {
    const kept = all();
    if (news) kept[box] = { ...kept[box], ...news, at: Date.now() };
    else delete kept[box];
    for (const other of Object.keys(kept)) if (!(Date.now() - (kept[other].at || 0) < DAYS)) delete kept[other];
    store.write(shelf, Object.keys(kept).length ? kept : null);
  }

  return {
    all,
    put,
    /** @param {string} box @returns {Draft} */
    get: (box) => all()[box] || {},
    /**
     * Send what a box holds. A press that had no answer is repeated with its own key and body as long as it says the
     * same, so that a comment whose answer was lost is not made twice. The draft is forgotten once it has arrived.
     * @param {string} box
     * @param {string} mark what it says and who says it
     * @param {string} method @param {string} path
     * @param {() => any} make the body
     * @param {import("../types").Held} [held] who sends it
     */
    async send(box, mark, method, path, make, held) {
      let { sent } = all()[box] || {};
      if (sent?.mark !== mark) {
        sent = { mark, key: store.random(24), body: make() };
        put(box, { sent });
      }
      try {
        const answer = await ask(path, { method, body: sent.body, key: sent.key, held });
        put(box, null);
        return answer;
      } catch (problem) {
        if (!unanswered(problem)) put(box, { sent: undefined });
        throw problem;
      }
    },
  };
}
