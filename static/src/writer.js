/** The composer's chunk: brings the box, who speaks, replies and one's own comments to a conversation. */
import { composer } from "./composer.js";
import { drafts as openDrafts } from "./drafts.js";
import { draw } from "./icon.js";
import { identity } from "./identity.js";
import { own } from "./own.js";
import { permalinks } from "./permalink.js";
import { proofs } from "./proof.js";
import { sessions as openSessions } from "./session.js";
import * as store from "./store.js";

/** @typedef {import("./types").Context} Context */
/** @typedef {import("./types").Held} Held */
/** @typedef {import("./types").View} View */

/**
 * @param {Context} context
 * @returns {Promise<import("./types").Writer>}
 */
export async function attach(context) {
  const { base, config, thread, t, h, clear, button, guard, call, emit, say, arrival, signal } = context;
  t.add(CW_WRITE_WORDS);
  context.style(CW_WRITE_CSS);
  /** @type {import("./types").SiteAnswer} */
  const about = await call("site", { query: { site: config.site, url: config.site ? undefined : config.url } });
  const { site, providers } = about;
  if (!config.sort) config.sort = site.sort;

  const { ask, jwk } = proofs(call, base, site.key);
  const drafts = openDrafts(ask, base, site.key, config.id || config.url);
  /** @type {Set<ReturnType<typeof composer>>} */
  const boxes = new Set();
  const sessions = openSessions(
    base,
    site.key,
    guard((user) => {
      for (const one of boxes) {
        one.who.changed();
        one.wake();
      }
      emit("session", { user });
      guard(mine.overlay)();
    }),
    signal,
  );
  /** Also when the widget goes meanwhile. @param {Held} held */
  const revoke = (held) => ask("session", { method: "DELETE", held, key: store.random(24), signal: undefined });

  /** @param {Held} held */
  function welcome(held) {
    const older = sessions.add(held);
    // The same user twice: the earlier secret is of no more use to anybody.
    if (older && older.token !== held.token) guard(revoke)(older);
    say(t("sign.welcome", { name: held.user.name }));
  }

  /** @param {import("./types").Guest} guest @param {string} from the box whose press it is */
  async function become(guest, from) {
    const key = await jwk();
    /** @type {Held} */
    const held = await drafts.send(`guest:${from}`, JSON.stringify(guest), "POST", "session", () => ({ site: site.key, guest, jwk: key }));
    sessions.add(held);
    return held;
  }

  async function logout() {
    const speaker = sessions.current();
    if (!speaker) return;
    sessions.forget(speaker.token);
    say(t("sign.left"));
    await revoke(speaker);
  }

  /** @type {Promise<import("./types").Door> | null} */
  let coming = null;
  let tries = 0;
  /** The sign-in chunk, fetched once, whenever first wanted. */
  function door() {
    // Browsers remember a module that failed to come, by its address.
    coming ??= import(new URL(CW_SIGNIN + (tries++ ? `?${tries}` : ""), context.assets).href).then(
      ({ attach: open }) => open(context, { about, sessions, store, exchange, welcome, mark, via }),
    );
    coming.catch(() => (coming = null));
    return coming;
  }
  /** @param {object} proven @param {string} key @returns {Promise<Held>} */
  const exchange = async (proven, key) => call("session", { method: "POST", body: { ...proven, jwk: await jwk() }, key });

  const providerOf = (/** @type {string | undefined} */ id) => providers.find((one) => one.id === id);
  /** A provider's mark, or the first letter of its name. @param {import("./types").Provider} provider */
  const mark = ({ name, icon }) => draw(icon) || h("span", { class: "icon", "aria-hidden": "true" }, Array.from(name)[0]);
  /** @param {string | undefined} id */
  const via = (id) => {
    const provider = providerOf(id);
    return provider ? [mark(provider), provider.name] : null;
  };

  /**
   * @param {object} place
   * @param {HTMLFormElement} place.form
   * @param {HTMLTextAreaElement} place.text
   * @param {string} place.box
   * @param {string} [place.parent]
   * @param {() => void} [place.cancel]
   * @param {() => void} [place.done]
   */
  function box(place) {
    const who = identity(context, { about, sessions, door, logout, via, become: (guest) => become(guest, place.box) });
    const made = composer(context, {
      ...{ site, drafts, sessions, who, become },
      ...place,
      posted({ comment, thread: news }) {
        mine.remember(comment);
        place.done?.();
        const view = thread.put(comment);
        thread.update(news);
        reveal(view, "fresh");
        say(t(comment.state === "pending" ? "list.pending" : "write.posted"));
        emit("posted", { comment, count: news.count });
      },
    });
    boxes.add(made);
    return made;
  }

  /** @param {View} view @param {boolean} [focus] */
  function reply(view, focus = true) {
    const name = `reply:${view.data.id}`;
    const standing = view.below.querySelector("textarea");
    if (standing) return standing.focus();
    const to = t("list.reply_to", { name: view.data.author?.name || "" });
    const text = h("textarea", { id: `cw-${view.data.id}`, part: "textarea", rows: 3, placeholder: to });
    const form = h(
      "form",
      { class: "composer reply-box", part: "composer reply-composer", novalidate: true, submit: (/** @type {Event} */ event) => event.preventDefault() },
      h("label", { for: text.id, class: "unseen" }, to),
      text,
    );
    clear(view.below, form);
    view.el.classList.add("answering");
    const close = () => {
      boxes.delete(made);
      clear(view.below);
      view.el.classList.remove("answering");
    };
    const cancel = () => {
      // What was written stays, for a second thought, but does not open by itself again.
      drafts.put(name, text.value ? { open: false } : null);
      close();
      /** @type {HTMLElement | null} */ (view.actions.querySelector(".reply"))?.focus();
    };
    const made = box({ form, text, box: name, parent: view.data.id, cancel, done: close });
    if (focus) {
      drafts.put(name, { open: true });
      text.focus();
    }
  }

  /** Answers that were being written when the page was left. */
  function reopen() {
    const all = drafts.all();
    for (const one of boxes) if (!one.who.el.isConnected) boxes.delete(one);
    for (const view of thread.views.values()) {
      const draft = all[`reply:${view.data.id}`];
      if (draft?.open && draft.text && !view.below.firstChild) reply(view, false);
    }
  }

  /** A sign-in that came back by the page's address; one that was not begun here changes nothing. */
  async function ticket() {
    const brought = arrival.ticket;
    if (!brought || !store.read(`tx|${brought.tx}`)) return;
    const note = h("p", { class: "note arrival", part: "notice", role: "status" }, h("span", { class: "spin", "aria-hidden": "true" }), t("sign.finishing"));
    context.form.insertBefore(note, context.form.firstChild);
    try {
      const came = (await door()).arrive(brought);
      if (came) arrival.ticket = null;
      const held = await came?.held;
      if (held) welcome(held);
      if (held && came?.popup) clear(note, t("sign.close_words", { name: held.user.name }), " ", button(t("sign.close"), "close", () => window.close()));
      else note.parentNode?.removeChild(note);
    } catch (/** @type {any} */ problem) {
      clear(note, h("span", { class: "error", role: "alert" }, problem.code ? t.error(problem) : t("sign.no_tray")));
    }
  }

  /** @param {View} view */
  const badge = (view) => {
    const place = /** @type {HTMLElement | null} */ (view.el.querySelector(":scope > article > header [data-provider]"));
    const provider = providerOf(view.data.author?.provider);
    if (!place || !provider) return;
    place.title = t("sign.via", { provider: provider.name });
    clear(place, mark(provider), h("span", { class: "unseen" }, place.title));
    place.hidden = false;
  };

  /** "3 minutes ago" grows old. */
  function tick() {
    for (const { el, data } of thread.views.values()) {
      const time = el.querySelector("time");
      if (time) time.textContent = context.clock(data.time).short;
    }
  }

  const mine = own(context, { site, drafts, sessions, ask, ended: (why) => root.who.open(why, true) });
  const root = box({ form: context.form, text: context.text, box: "root" });
  const { reveal, aim } = permalinks(context);
  addEventListener("hashchange", guard(ticket), { signal });
  thread.each(badge);
  const pulse = setInterval(guard(tick), 60_000);
  signal.addEventListener("abort", () => clearInterval(pulse));
  guard(ticket)();
  return {
    reply,
    reloaded() {
      aim();
      reopen();
      guard(mine.overlay)();
    },
  };
}
