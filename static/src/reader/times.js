/** A comment's times: the exact one for who points at it, and "3 minutes ago", which grows old. */

/** @param {import("../types").ReaderContext} context @returns {import("../types").Feature} */
export function attach({ thread, clock, config, every }) {
  const full = new Intl.DateTimeFormat(config.lang, { dateStyle: "full", timeStyle: "short" });
  const exact = (/** @type {string} */ time) => (isNaN(Date.parse(time)) ? "" : full.format(Date.parse(time)));

  every(60_000, () => {
    for (const { meta, data } of thread.views.values()) {
      const time = meta.querySelector("time");
      if (time) time.textContent = clock(data.time);
    }
  });
  return {
    visit({ meta, data }) {
      const time = meta.querySelector("time");
      if (time) time.title = exact(data.time);
      const edited = /** @type {HTMLElement | null} */ (meta.querySelector("[data-slot=edited]"));
      if (edited) edited.title = exact(data.edited || "");
    },
    gives: { exact },
  };
}
