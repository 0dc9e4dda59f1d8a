/** Long work in slices, between which the page goes on. */

/** How long a slice is, and after how long without any a new one begins at once, in milliseconds. */
const SLICE = 12;
const IDLE = 300;

let end = -IDLE;

/** Between two steps: what to wait for, if anything. @returns {Promise<void> | undefined} */
export function breathe() {
  const over = performance.now() - end;
  const begin = () => void (end = performance.now() + SLICE);
  if (over > 0 && over < IDLE) return new Promise((done) => setTimeout(done)).then(begin);
  if (over > 0) begin();
}
