/** What those who run the site decide about a comment in its place: let it stand, spam, away with it, ban who wrote it. */

/** @typedef {import("../types").View} View */
/** @typedef {import("../types").Held} Held */

/** Days of a ban that are offered; 0: for good. */
const DAYS = [1, 7, 30, 0];

/** @param {import("../types").SocialContext} context */
export function attach({ t, h, clear, button, say, ask, store, sessions, sheet, style, thread, put: show, drop, social, signal }) {
  t.add(CW_MODERATE_WORDS);
  style(CW_MODERATE_CSS);

  /** @param {string} path @param {object} body @returns {Promise<any>} */
  const judge = async (path, body) => {
    const held = sessions.current();
    if (!held) throw Object.assign(new Error("session.missing"), { code: "session.missing", status: 401 });
    return ask(`${path}/moderation`, { method: "POST", body, key: store.random(24), held });
  };

  /** A line with what was done and the way back. @param {string} words @param {() => Promise<unknown>} back */
  function told(words, back) {
    const error = h("span", { class: "error", role: "alert" });
    let busy = false;
    const undo = button(t("write.undo"), "undo", async () => {
      if (busy) return;
      busy = true;
      clear(error);
      try {
        await back();
      } catch (/** @type {any} */ problem) {
        if (problem.name !== "AbortError") clear(error, t.error(problem));
      }
      busy = false;
    });
    return { line: h("p", { class: "row ask", part: "decided" }, h("span", {}, words), undo, error), undo };
  }

  /** Off the page, with the way back in its place. @param {View} view @param {"spam" | "delete"} act */
  async function away(view, act) {
    const { data } = view;
    const answer = await judge(`comments/${data.id}`, { act, version: data.edited || data.time });
    const words = t(act === "spam" ? "moderate.is_spam" : "list.deleted");
    const { line, undo } = told(words, async () => {
      const { state, thread: info } = await judge(`comments/${data.id}`, { act: "restore" });
      line.remove();
      if (state === "published") {
        const again = show(data);
        if (gone.parentNode) gone.parentNode.replaceChild(again.el, gone);
        again.el.tabIndex = -1;
        again.el.focus({ preventScroll: true });
      } else gone.remove();
      thread.update(info);
      say(t("moderate.back"));
    });
    const gone = h("li", { class: "item", part: "decided" });
    const [list, place] = [view.el.parentNode, view.el.nextSibling];
    drop(view);
    if (view.el.isConnected) view.below.appendChild(line);
    else {
      gone.appendChild(line);
      list?.insertBefore(gone, place);
    }
    undo.focus({ preventScroll: true });
    thread.update(answer.thread);
    say(words);
    signal.addEventListener("abort", () => gone.remove());
  }

  /** It stands as it is, whatever readers reported. @param {View} view */
  async function approve({ data: { id, edited, time } }) {
    const { thread: info } = await judge(`comments/${id}`, { act: "approve", version: edited || time });
    thread.update(info);
    say(t("moderate.approved"));
    return t("moderate.approved");
  }

  /** For how long: each is a press, and has its way back. @param {View} view */
  function ban({ data: { author } }) {
    if (!author) return;
    const { id, name } = author;
    const error = h("p", { class: "error", role: "alert" });
    let busy = false;
    /** @param {number} days */
    const put = async (days) => {
      if (busy) return;
      busy = true;
      clear(error);
      try {
        await judge(`people/${id}`, { act: "ban", days: days || undefined });
        const { line, undo } = told(t("moderate.banned", { name }), async () => {
          await judge(`people/${id}`, { act: "pardon" });
          close();
          say(t("moderate.pardoned", { name }));
        });
        clear(box, line, h("p", { class: "row" }, button(t("list.close"), "submit", () => close())));
        undo.focus();
        say(t("moderate.banned", { name }));
      } catch (/** @type {any} */ problem) {
        if (problem.name !== "AbortError") clear(error, t.error(problem));
      }
      busy = false;
    };
    const keep = button(t("write.cancel"), "cancel", () => close());
    const terms = DAYS.map((days) => button(days ? t("moderate.days", { n: days }) : t("moderate.for_good"), "term", () => put(days)));
    const box = h("div", {}, h("p", { class: "quiet" }, t("moderate.ban_means")), h("p", { class: "row terms" }, ...terms), error, h("p", { class: "row" }, keep));
    const { close } = sheet(t("moderate.ban_title", { name }), [box]);
    keep.focus();
  }

  /** @param {View} view @param {(choice: import("../types").Choice) => void} add @param {boolean} own */
  return (view, add, own) => {
    const { author } = view.data;
    /** What goes wrong is told at the comment. @param {() => unknown} work */
    const tried = (work) => () => social(view.actions, work);
    if (!own) add({ words: t("moderate.approve"), act: tried(() => approve(view)) });
    if (!own) add({ words: t("moderate.spam"), act: tried(() => away(view, "spam")) });
    add({ words: t("write.delete"), act: tried(() => away(view, "delete")) });
    if (!own && author && !author.role) add({ words: t("moderate.ban", { name: author.name }), act: () => ban(view) });
  };
}
