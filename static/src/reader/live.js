/** What others write meanwhile: its chunk comes when the page has been open for some seconds. */

const SOON = 4_000;

/** @param {import("../types").KnownContext} context @returns {import("../types").Feature} */
export function attach(context) {
  const { site, thread, chunk, guard, signal } = context;
  if (site.live !== "off") {
    // Where it does not come there is no news, which nobody has asked for.
    const timer = setTimeout(guard(() => chunk(CW_LIVE, ({ attach: make }) => make(context)).catch(() => {})), SOON);
    signal.addEventListener("abort", () => clearTimeout(timer));
  }
  return {
    arrived(page, first) {
      if (first) thread.seen = page.thread.version;
    },
  };
}
