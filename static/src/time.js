/** Times in the reader's language and zone. */

const STEPS = /** @type {[number, Intl.RelativeTimeFormatUnit][]} */ ([
  [60, "second"],
  [60, "minute"],
  [24, "hour"],
  [7, "day"],
]);

/**
 * @param {string} tag BCP 47
 * @returns {(time: string, now?: number) => {short: string, exact: string}} short: "3 hours ago" within a week, then the date
 */
export function clock(tag) {
  const ago = new Intl.RelativeTimeFormat(tag, { numeric: "auto" });
  const day = new Intl.DateTimeFormat(tag, { dateStyle: "long" });
  const full = new Intl.DateTimeFormat(tag, { dateStyle: "full", timeStyle: "short" });
  return (time, now = Date.now()) => {
    const at = Date.parse(time);
    if (!(at > -8.64e15)) return { short: "", exact: "" };
    // A reader's clock that runs behind the server's must not speak of the future.
    let age = Math.max(0, (now - at) / 1000);
    const exact = full.format(at);
    if (age < 45) return { short: ago.format(0, "second"), exact };
    for (const [size, unit] of STEPS) {
      if (Math.round(age) < size) return { short: ago.format(-Math.round(age), unit), exact };
      age /= size;
    }
    return { short: day.format(at), exact };
  };
}
