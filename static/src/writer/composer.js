/** A box to write in: the text first, who says it second; what is typed outlives a reload, a login and a cut network. */
import { cut, unanswered } from "./drafts.js";
import { leaving } from "./leaving.js";
import { notify } from "./notify.js";
import { waiting } from "./waiting.js";

/** @typedef {import("../types").Held} Held */

/**
 * Make a box of `form`, in which `text` stands already.
 * @param {import("../types").KnownContext} context
 * @param {object} kit
 * @param {HTMLFormElement} kit.form
 * @param {HTMLTextAreaElement} kit.text
 * @param {string} kit.box its name among the drafts
 * @param {string} [kit.parent] the comment it answers
 * @param {ReturnType<typeof import("./drafts.js").drafts>} kit.drafts
 * @param {ReturnType<typeof import("./bench.js").bench>["equip"]} kit.equip
 * @param {ReturnType<typeof import("./identity.js").identity>} kit.who
 * @param {(guest: import("../types").Guest, box: string) => Promise<Held>} kit.become a session for a guest
 * @param {ReturnType<typeof import("./ticket.js").tickets>} kit.ticket
 * @param {(answer: any) => import("../types").View} kit.posted
 * @param {() => void} [kit.cancel]
 */
export function composer(context, { form, text, box, parent, drafts, equip, who, become, ticket, posted, cancel }) {
  const { t, h, clear, button, guard, say, config, site, sessions, store, signal, why } = context;
  const error = h("p", { class: "error", role: "alert", part: "error", id: `${text.id}-error` });
  const send = h("button", { type: "submit", part: "submit", class: "submit", title: t("write.shortcut") }, t(parent ? "write.reply" : "write.send"));
  const row = h("div", { class: "row" }, cancel && button(t("write.cancel"), "cancel", cancel), send);
  const mail = notify(context);
  const foot = h("div", { class: "after asleep" }, who.el, mail.el, row);
  // People neither see nor reach it; what fills in every field does.
  const trap = h("input", { class: "unseen", name: "again", tabindex: -1, autocomplete: "off", "aria-hidden": "true" });
  const life = new AbortController();
  signal.addEventListener("abort", () => life.abort(), { signal: life.signal });
  const asks = leaving(life.signal);
  const waits = waiting({ ...context, signal: life.signal }, {
    ...{ form, box, drafts },
    again: () => submit(true),
    elsewhere() {
      text.value = "";
      tools.typed();
      if (cancel) cancel();
    },
    shown: () => sending(false),
  });
  form.appendChild(trap);
  form.appendChild(error);
  form.appendChild(waits.line);
  form.appendChild(foot);

  let busy = false;
  const draft = drafts.get(box);
  if (!text.value && draft.text) text.value = draft.text;

  /** Who says it is asked once something is said; and then it stays. @param {boolean} [yes] asked all the same */
  function wake(yes) {
    if (yes || parent || text.value || form.contains(/** @type {Node | null} */ (context.root.activeElement))) {
      foot.classList.remove("asleep");
      guard(who.wake)();
    }
  }
  /** @param {unknown} problem */
  function fail(problem) {
    clear(error, problem ? t.error(problem) : null);
    if (problem) text.setAttribute("aria-describedby", error.id);
    else text.removeAttribute("aria-describedby");
  }
  function typed() {
    const kept = drafts.get(box);
    drafts.put(box, text.value || kept.sent ? { text: text.value, open: true } : parent ? { open: true, text: "" } : null);
    text.removeAttribute("aria-invalid");
    fail(null);
    wake();
    careful();
  }
  /** Every letter is kept at once, where the browser lets us: leaving loses nothing then. */
  function careful() {
    asks(form.isConnected && (busy || waits.on() || (!store.lasting && !!text.value)));
  }
  /** @param {boolean} yes */
  function sending(yes) {
    busy = yes;
    const later = waits.on();
    text.readOnly = yes || later;
    form.setAttribute("aria-busy", String(yes));
    send.setAttribute("aria-disabled", String(yes));
    clear(send, t(later ? "write.waits" : yes ? "write.sending" : parent ? "write.reply" : "write.send"));
    if (yes && !later) say(t("write.sending"));
    careful();
  }

  /** @param {boolean} [late] nobody pressed: it has waited for a connection */
  async function submit(late) {
    if (busy) return;
    fail(null);
    if (!text.value.trim()) {
      text.setAttribute("aria-invalid", "true");
      fail({ code: "comment.empty" });
      text.focus();
      return;
    }
    let speaker = sessions.current();
    const { sent } = drafts.get(box);
    // It was said in that name, whoever speaks now.
    if (late && sent) speaker = sessions.list().find(({ user }) => sent.mark === `${user.id} ${text.value}`) || null;
    if (!speaker) await who.wake();
    const guest = who.guest();
    if (!speaker && (sent || !who.asking() || !guest.name)) waits.stop();
    if (!speaker && !(site.guests && who.asking())) return who.open(t(late ? "sign.ended" : "sign.first"), !late);
    if (!speaker && !guest.name) return void who.blame({ code: "guest.name_missing" });
    if (mail.wanted()) {
      busy = true;
      const may = await mail.ready(speaker, guest, who.blame);
      busy = false;
      if (!may) return waits.stop();
    }
    sending(true);
    try {
      speaker ??= await become(guest, box);
      const said = text.value;
      const brings = speaker.user.guest ? { ...(await ticket.take()), trap: trap.value || undefined } : undefined;
      const make = () => ({
        site: site.key,
        page: { url: config.url, id: config.id || undefined, title: config.title || undefined },
        parent,
        text: said,
        form: brings,
      });
      const answer = await drafts.send(box, `${speaker.user.id} ${said}`, "POST", "comments", make, speaker);
      ticket.used();
      text.value = "";
      waits.stop();
      const view = posted(answer);
      sending(false);
      tools.typed();
      mail.posted(answer.comment, view);
    } catch (problem) {
      sending(false);
      trouble(/** @type {any} */ (problem), speaker);
    }
  }

  /** @param {any} problem @param {Held | null} speaker */
  function trouble(problem, speaker) {
    if (problem?.name === "AbortError") return;
    if (cut(problem)) return waits.start();
    waits.stop();
    if (problem.status === 401 && speaker) {
      sessions.forget(speaker.token);
      who.open(why(problem), true);
    } else if (!who.blame(problem)) {
      if (/^comment\./.test(problem.code)) text.setAttribute("aria-invalid", "true");
      fail(problem);
      if (unanswered(problem)) clear(send, t("write.again"));
    }
  }

  const tools = equip({ form, text, row, name: box, parent });
  text.addEventListener("input", guard(typed));
  form.addEventListener("submit", guard(() => submit()));
  form.addEventListener("focusin", guard(() => wake()));
  form.addEventListener(
    "keydown",
    guard((event) => {
      if (event.defaultPrevented) return;
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing) {
        event.preventDefault();
        guard(submit)();
      }
      if (event.key === "Escape" && cancel && !text.value) cancel();
    }),
  );
  if (text.value && text.value !== draft.text) typed();
  wake();
  if (draft.waits && text.value === draft.text) {
    waits.start();
    waits.soon();
  }
  function leave() {
    life.abort();
    tools.leave();
  }
  return { wake, who, leave };
}
