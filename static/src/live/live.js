/** What others write while the page is open: announced, and shown when the reader wants it; nothing that is read moves. */
import { news } from "./news.js";
import { pulse } from "./pulse.js";

/** @typedef {import("../types").View} View */

/** Milliseconds between two announcements to those who do not see them. */
const CALM = 10_000;

/** @param {import("../types").KnownContext} context */
export function attach(context) {
  const { t, h, button, base, config, el, form, say, site, thread, put, reveal, signal, use } = context;
  t.add(CW_LIVE_WORDS);
  context.style(CW_LIVE_CSS);
  const { apply, groups, waiting } = news(context, () => draw());
  // At the end of all, and stuck to the end of the window.
  const bar = h("span");
  form.parentNode?.appendChild(h("div", { class: "afloat" }, bar));
  /** Too much is new to be told one by one. */
  let reset = false;
  /** How many wait, and were waiting when it was last said. */
  let heard = 0;
  let spoken = -Infinity;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  /** @param {View | null} above */
  async function bring(above) {
    if (reset && !above) {
      waiting.clear();
      await thread.reload(true);
      /** @type {HTMLElement} */ (thread.list).tabIndex = -1;
      return thread.list.focus();
    }
    const shown = (groups().get(above) || []).map(put);
    draw();
    if (shown[0]) reveal(shown[0], "fresh");
  }

  /** @param {number} n */
  function announce(n) {
    clearTimeout(timer);
    if (n <= heard) return void (heard = n);
    timer = setTimeout(() => {
      say(t("live.new", { n: n - heard }));
      heard = n;
      spoken = Date.now();
    }, Math.max(0, spoken + CALM - Date.now()));
  }

  /** The buttons: one for the list (null), one at each comment that has new answers. None takes room. @type {Map<View | null, HTMLElement>} */
  const pills = new Map();

  function draw() {
    const found = groups();
    /** @type {Map<View | null, number>} */
    const many = new Map([...found].map(([above, all]) => [above, all.filter((one) => one.author).length]));
    if (reset) many.set(null, Math.max(1, thread.info.count - thread.views.size));
    for (const [above, pill] of pills) {
      if (many.has(above)) continue;
      pill.parentNode?.removeChild(pill);
      pills.delete(above);
    }
    let sum = 0;
    for (const [above, n] of many) {
      sum += n;
      const pill = pills.get(above) || button("", above ? "answers" : "news", () => bring(above));
      pill.textContent = t(above ? "live.replies" : "live.new", { n });
      pills.set(above, pill);
      const next = above?.below || bar;
      if (!pill.isConnected) next.parentNode?.insertBefore(pill, next);
    }
    announce(sum);
  }

  use({
    visit({ data }) {
      // The reader's own, which came back by itself.
      if (waiting.delete(data.id)) draw();
    },
    arrived(_, first) {
      if (first) {
        waiting.clear();
        reset = false;
      }
      draw();
    },
  });

  const where = { site: config.site, url: config.url, id: config.id };
  const stream = new URL("api/v1/live", base);
  for (const [name, value] of Object.entries(where)) if (value) stream.searchParams.set(name, value);
  pulse({
    el,
    signal,
    address: site.live === "events" && "EventSource" in globalThis ? stream.href : "",
    known: () => thread.seen,
    async ask() {
      const since = thread.seen;
      if (since === undefined) return false;
      const page = await thread.fetch({ since: String(since), sort: undefined }, true);
      // Loaded anew, or gone back to the whole, meanwhile: this is about something else.
      if (since !== thread.seen || page.thread.version === since) return false;
      thread.seen = page.thread.version;
      reset ||= !!page.reset;
      apply(page);
      thread.tell((one) => one.stirred?.());
      return true;
    },
  });
}
