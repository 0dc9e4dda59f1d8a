/** The reader's chunk: all that one may do with a conversation without writing. It comes by itself, behind the comments. */
import * as badges from "./badges.js";
import { breathe } from "./breathe.js";
import * as fold from "./fold.js";
import * as likes from "./likes.js";
import * as live from "./live.js";
import * as marks from "./marks.js";
import * as menu from "./menu.js";
import { more } from "./more.js";
import { people } from "./people.js";
import * as permalink from "./permalink.js";
import * as portraits from "./portraits.js";
import * as quote from "./quote.js";
import { errors, request } from "./request.js";
import { slot } from "./slots.js";
import * as sort from "./sort.js";
import * as times from "./times.js";

/** Those that need nothing but the comments, and those that need to know the site and who reads. */
const AT_ONCE = [permalink, fold, marks, times, portraits];
const KNOWING = [badges, sort, likes, menu, quote, live];

/** @typedef {import("../types").Feature} Feature */

/**
 * @param {import("../types").Context} embed
 * @returns {import("../types").Reading}
 */
export function attach(embed) {
  const { t, guard, thread, signal, emit } = embed;
  t.add(CW_READ_WORDS);
  t.error = errors(t);
  embed.style(CW_READ_CSS);
  /** @type {any} */
  const context = {
    ...embed,
    call: request(embed.call),
    ...{ slot, put, write, use, known },
    more: (/** @type {HTMLElement} */ box, /** @type {() => Promise<unknown>} */ bring) => more(context, box, bring),
    every(/** @type {number} */ pause, /** @type {() => unknown} */ work) {
      const pulse = setInterval(guard(work), pause);
      signal.addEventListener("abort", () => clearInterval(pulse));
    },
    drop(/** @type {import("../types").View} */ { data, el }) {
      const { id, parent, time, replies } = data;
      if ([...thread.views.values()].some((other) => other.data.parent === id)) put({ id, parent, time, replies, state: "deleted" });
      else {
        thread.views.delete(id);
        el.parentNode?.removeChild(el);
      }
    },
  };

  const { update } = thread;
  thread.update = (info) => {
    update(info);
    thread.tell((one) => one.updated?.(info));
  };

  /** @param {{ attach(context: any): Feature }} feature */
  function meets({ attach: make }) {
    const feature = make(context);
    Object.assign(context, feature.gives);
    return feature;
  }

  /**
   * Those that come together put what they have into a comment before the next one gets anything: what one of them brought
   * a frame later would move what stands behind it.
   * @param {...Feature} features
   */
  function use(...features) {
    for (const feature of features) Object.assign(context, feature.gives);
    thread.features.push(...features);
    const { pages, views } = thread;
    const visiting = features.filter((feature) => feature.visit);
    // Those that come meanwhile are told to it as to all.
    const [there, came] = [[...views.values()], [...pages]];
    guard(async () => {
      for (const view of visiting[0] ? there : []) {
        const rest = breathe();
        if (rest) await rest;
        for (const feature of visiting) if (views.get(view.data.id) === view) guard(() => feature.visit?.(view))();
      }
      came.forEach((page, nth) => features.forEach((feature) => pages.includes(page) && guard(() => feature.arrived?.(page, !nth))()));
    })();
  }

  /** @param {import("../types").Comment} comment */
  function put(comment) {
    const there = thread.views.has(comment.id);
    const parent = (comment.parent && thread.views.get(comment.parent)) || null;
    const view = thread.show(comment, parent);
    const brothers = parent ? parent.kids : thread.list;
    const order = parent ? "oldest" : embed.config.sort;
    // Answers, and roots by age, stand by their time; nobody has liked or answered a new one yet: it is the last.
    const next = /** @type {HTMLElement[]} */ ([...brothers.children]).find((el) => {
      const other = thread.views.get(el.dataset.id || "")?.data;
      return other && !other.pinned && (order === "newest" ? other.time <= comment.time : order === "oldest" && other.time > comment.time);
    });
    if (!there) brothers.insertBefore(view.el, next || null);
    return view;
  }

  async function meet() {
    const all = await people(context, (user) => {
      // Those whom the host page tells may take the widget off it.
      thread.tell((one) => one.speaker?.(user));
      emit("session", { user });
      if (user) guard(known)();
    });
    Object.assign(context, all, { social });
    use(...KNOWING.map(meets));
    // What was being written when the page was left stands there again.
    if (Object.values(context.kept()).some((draft) => draft.open && draft.text)) guard(write)();
  }

  /** @type {Promise<void> | null} */
  let meeting = null;
  const met = () =>
    (meeting ??= meet().catch((problem) => {
      meeting = null;
      throw problem;
    }));
  async function write() {
    await met();
    return embed.chunk(CW_WRITER, async ({ attach: make }) => {
      await known();
      return make(context);
    });
  }

  async function known() {
    return embed.chunk(CW_KNOWN, async (module) => {
      await met();
      module.attach(context);
      return module.proofs;
    });
  }
  // Somebody who comes back from signing in.
  const back = guard(() => embed.arrival.ticket && known());
  /** @type {import("../types").KnownContext["social"]} */
  const social = (near, work) => {
    const attempt = async () => {
      const row = near?.closest(".actions");
      const before = row?.nextElementSibling;
      if (before?.matches(".error")) before.remove();
      try {
        await work(await embed.chunk(CW_SOCIAL, ({ attach: make }) => make(context)));
      } catch (/** @type {any} */ problem) {
        if (problem.name === "AbortError") return;
        // What is no answer of the server is a chunk that did not come.
        const answered = problem.status >= 0;
        const line = embed.h("p", { class: "error", role: "alert" }, t.error(answered ? problem : { code: "network" }));
        row?.parentNode?.insertBefore(line, row.nextSibling);
        if (!answered) throw problem;
      }
    };
    guard(attempt)();
  };

  use(...AT_ONCE.map(meets));
  guard(met)();
  back();
  addEventListener("hashchange", back, { signal });
  return { write, more: (box, after, root) => more(context, box, async () => thread.take(await thread.fetch({ after, root: root?.data.id }), root)) };
}
