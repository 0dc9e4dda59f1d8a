/** What a guest's comment brings along: a token that the server gave out when the box was turned to, and the work it asks for. */

const FRESH = 40 * 3_600_000;

/** @param {import("../types").KnownContext} context */
export function tickets({ ask, chunk, site, signal, guard }) {
  /** @type {{at: number, form: Promise<{token?: string, work?: string}>} | null} */
  let next = null;

  async function get() {
    try {
      const { token, bits } = await ask("form", { query: { site: site.key }, fresh: true });
      return bits ? { token, work: await chunk(CW_WORK, ({ work }) => work(token, bits, signal)) } : { token };
    } catch {
      // Without one the comment waits for a moderator, and is not lost.
      next = null;
      return {};
    }
  }

  /** Have one at hand. */
  function prepare() {
    if (site.guests && !(next && Date.now() - next.at < FRESH)) next = { at: Date.now(), form: get() };
    return next?.form;
  }

  return {
    prepare: guard(prepare),
    /** The one at hand. @returns {Promise<{token?: string, work?: string}>} */
    async take() {
      return (await prepare()) || {};
    },
    /** It is used: the next comment needs another one. */
    used() {
      next = null;
    },
  };
}
