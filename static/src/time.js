/** Times in the reader's language and zone. */

const STEPS = /** @type {[number, Intl.RelativeTimeFormatUnit][]} */ ([
  [60, "second"],
  [60, "minute"],
  [24, "hour"],
  [7, "day"],
]);

/**
 * @param {string} tag BCP 47
 * @returns {(time: string, now?: number) => string} "3 hours ago" within a week, then the date and time
 */
export function clock(tag) {
  const ago = new Intl.RelativeTimeFormat(tag, { numeric: "auto" });
  const day = new Intl.DateTimeFormat(tag, { dateStyle: "long", timeStyle: "short" });
  return (time, now = Date.now()) => {
    const at = Date.parse(time);
    if (!(at > -8.64e15)) return "";
    // A reader's clock that runs behind the server's must not speak of the future.
    let age = Math.max(0, (now - at) / 1000);
    if (age < 45) return ago.format(0, "second");
    for (const [size, unit] of STEPS) {
      if (Math.round(age) < size) return ago.format(-Math.round(age), unit);
      age /= size;
    }
    return day.format(at);
  };
}
