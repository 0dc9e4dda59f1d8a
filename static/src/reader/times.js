/** "3 minutes ago" grows old. */

/** @param {import("../types").ReaderContext} context @returns {import("../types").Feature} */
export function attach({ thread, clock, every }) {
  every(60_000, () => {
    for (const { meta, data } of thread.views.values()) {
      const time = meta.querySelector("time");
      if (time) time.textContent = clock(data.time).short;
    }
  });
  return {};
}
