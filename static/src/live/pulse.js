/** When to ask for news: told by the server where it tells, else from time to time, and only while somebody could see them. */

/** Milliseconds between two questions while things happen, while nothing does, and while there is no answer. */
const QUICK = 8_000;
const SLOW = 120_000;
const WORST = 600_000;
/** After so long a server that would not tell is asked once more to do so. */
const PEACE = 300_000;

/**
 * @param {object} kit
 * @param {Element} kit.el the widget
 * @param {AbortSignal} kit.signal
 * @param {string} kit.address of the stream of versions; "" where there is none
 * @param {() => number | undefined} kit.known the version that is shown
 * @param {() => Promise<boolean>} kit.ask fetches what is new and shows it; whether there was anything
 */
export function pulse({ el, signal, address, known, ask }) {
  let pause = QUICK;
  let failures = 0;
  let last = Date.now();
  let near = false;
  let busy = false;
  let again = false;
  let refused = -Infinity;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @type {EventSource | null} */
  let stream = null;

  const seen = () => near && document.visibilityState === "visible" && !signal.aborted;

  /** Not all readers at once. @param {number} wait */
  function plan(wait) {
    clearTimeout(timer);
    if (seen()) timer = setTimeout(turn, wait * (0.8 + Math.random() * 0.4));
  }

  async function turn() {
    if (busy) return void (again = true);
    busy = true;
    last = Date.now();
    try {
      pause = (await ask()) ? QUICK : Math.min(pause * 1.5, SLOW);
      failures = 0;
    } catch {
      // No reader asked for this, so that none is told; the next question comes later.
      pause = Math.min(QUICK * 2 ** ++failures, WORST);
    }
    busy = false;
    if (again && !failures) {
      again = false;
      plan(500);
    } else if (!stream || failures) plan(pause);
  }

  function close() {
    stream?.close();
    stream = null;
  }

  function listen() {
    let broken = 0;
    const mine = (stream = new EventSource(address));
    mine.onmessage = ({ data }) => {
      broken = 0;
      if (Number(data) !== known()) plan(Math.random() * 1000);
    };
    mine.onerror = () => {
      // A stream that ends is begun again by the browser; one that is refused, or ends again and again, is not ours.
      if (mine !== stream || (mine.readyState !== EventSource.CLOSED && ++broken < 3)) return;
      close();
      refused = Date.now();
      plan(pause);
    };
  }

  function heed() {
    if (!seen()) {
      clearTimeout(timer);
      close();
    } else if (address && Date.now() - refused > PEACE) {
      if (!stream) listen();
    } else plan(Math.max(300, last + pause - Date.now()));
  }

  const eye = new IntersectionObserver(
    (entries) => {
      near = entries[entries.length - 1].isIntersecting;
      heed();
    },
    { rootMargin: "50%" },
  );
  eye.observe(el);
  document.addEventListener("visibilitychange", heed, { signal });
  signal.addEventListener("abort", () => {
    eye.disconnect();
    heed();
  });
}
