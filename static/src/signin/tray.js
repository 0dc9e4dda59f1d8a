/** The sign-in chunk: the tray in which one says who one is, with the providers' buttons, and the waiting for their windows. */
import { here } from "../config.js";
import { field, guestFields } from "./guest.js";
import { signin as openSignin } from "./window.js";

/** @typedef {import("../types").KnownContext} KnownContext */
/** @typedef {import("../types").Provider} Provider */
/** @typedef {import("../types").Guest} Guest */
/** @typedef {ReturnType<typeof openSignin>} Signin */

/** So many providers are shown at once; of more, the first of them and a button for the rest. */
const SHOWN = 6;
/** What the fields of providers that ask show as an example. */
const EXAMPLES = { instance: "mastodon.social", handle: "alice.bsky.social", address: "alice.example" };
/** Browsers inside of other apps, which Google refuses (403 disallowed_useragent). */
const IN_APP = /\b(FBAN|FBAV|FB_IAB|Instagram|Threads|Barcelona|MicroMessenger|Line|Snapchat|TikTok|musical_ly|BytedanceWebview|Pinterest|LinkedInApp|Twitter)\b|; wv\)|\b(iPhone|iPad|iPod)\b(?!.*Safari\/)/;

/** @param {KnownContext} context @returns {import("../types").Door} */
export function attach(context) {
  context.t.add(CW_SIGN_WORDS);
  context.style(CW_SIGN_CSS);
  const { base, config, site, exchange, store } = context;
  const signin = openSignin({ base, site: site.key, lang: config.lang, exchange, store });
  return { arrive: signin.arrive, tray: (place) => tray(context, { ...place, signin }) };
}

/**
 * @param {KnownContext} context
 * @param {{signin: Signin, done(): void, become(guest: Guest): Promise<unknown>}} kit
 * @returns {import("../types").Tray}
 */
function tray(context, { signin, become, done }) {
  const { t, h, clear, button, guard, portrait, base, sessions, store, site, welcome, mark, via } = context;
  const { providers } = context.about;
  const memory = {
    read: () => store.read(`guest|${base}|${site.key}`) || {},
    write: (/** @type {unknown} */ guest) => store.write(`guest|${base}|${site.key}`, guest),
  };
  const el = h("div", { class: "tray", part: "tray", role: "group", "aria-label": t("sign.who") });
  const guests = guestFields(context, site, memory, (event) => {
    // While somebody speaks the return key must not post the comment in their name.
    if (event.key === "Enter" && sessions.current()) {
      event.preventDefault();
      guard(change)();
    }
  });

  /** @type {ReturnType<Signin["popup"]> | null} */
  let login = null;
  /** Where to a window is open. @type {Provider | null} */
  let towards = null;
  let at = "";
  /** The provider whose button is unfolded. @type {Provider | null} */
  let unfolded = null;
  let all = false;
  let word = "";
  /** @type {unknown} */
  let trouble = null;

  async function change() {
    try {
      await become(guests.guest());
      done();
    } catch (problem) {
      if (guests.blame(problem)) return;
      trouble = problem;
      draw();
    }
  }

  /** @param {Provider} provider @param {string} [said] */
  function connect(provider, said = "") {
    login?.cancel();
    [towards, at, trouble, word] = [provider, said, null, ""];
    login = signin.popup(provider, said, {
      signal: context.signal,
      done: guard((held) => {
        stop();
        welcome(held);
        done();
      }),
      failed: guard((/** @type {any} */ problem) => {
        stop();
        problem.message ||= t("error.server.error"); // for a code that has no words here
        const typed = asked.get(provider.id);
        if (typed) typed.blame(problem, false);
        else trouble = problem;
        draw();
        typed?.input.focus();
      }),
      gone: guard(() => el.querySelector(".gone")?.removeAttribute("hidden")),
    });
    draw();
    focus(".cancel");
  }

  /** The keyboard stays where its reader was, though the tray is drawn anew. @param {string} where */
  const focus = (where) => /** @type {HTMLElement | null} */ (el.querySelector(where))?.focus();

  function stop() {
    login?.cancel();
    login = towards = null;
    draw();
  }

  function connecting(/** @type {Provider} */ provider) {
    const go = () => {
      login?.cancel();
      signin.leave(provider, at);
    };
    const back = () => {
      stop();
      focus(`[data-provider="${provider.id}"]`);
    };
    return [
      h("p", { class: "connecting", role: "status" }, h("span", { class: "spin", "aria-hidden": "true" }), ...t.rich("sign.connecting", { name: h("span", { class: "from" }, mark(provider), provider.name) })),
      !login?.opened && h("p", { class: "hint" }, t("sign.no_window")),
      h("p", { class: "hint gone", role: "status", hidden: true }, t("sign.gone"), " ", button(t("list.retry"), "again", () => connect(provider, at))),
      h("p", { class: "row" }, button(t("write.cancel"), "cancel", back), store.lasting && button(t("sign.here"), "here", go)),
    ];
  }

  /** What of a provider that asks is typed where. @type {Map<string, ReturnType<typeof field>>} */
  const asked = new Map();

  /** The field of a provider that must be told where to go. @param {Provider} provider */
  function question(provider) {
    const asks = /** @type {keyof typeof EXAMPLES} */ (provider.asks);
    const name = `at|${base}|${provider.id}`;
    const go = () => {
      const said = typed.input.value.trim();
      if (!said) return typed.input.focus();
      store.write(name, { said });
      connect(provider, said);
    };
    const keydown = (/** @type {KeyboardEvent} */ event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      go();
    };
    const typed =
      asked.get(provider.id) ||
      field(context, "at", t(`sign.at.${asks}`, { name: provider.name }), {
        part: "provider-at",
        placeholder: EXAMPLES[asks],
        ...{ dir: "ltr", inputmode: "url", autocapitalize: "none", autocorrect: "off", spellcheck: "false", maxlength: 300 },
        ...{ keydown, input: () => typed.blame(null) },
      });
    if (!asked.has(provider.id)) {
      asked.set(provider.id, typed);
      typed.input.value = store.read(name)?.said || "";
      typed.box.insertBefore(button(t("sign.go"), "go", go), typed.input.nextSibling);
    }
    return typed.box;
  }

  /** Google lets nobody in from here. @param {Provider} provider */
  function elsewhere({ name }) {
    const line = h("p", { class: "hint", role: "status" }, t("sign.in_app", { name }), " ");
    line.appendChild(
      button(t("sign.copy"), "copy", async () => {
        // Where the clipboard is denied the address can still be picked up by hand.
        const copied = await navigator.clipboard?.writeText(here()).then(() => true, () => false);
        clear(line, copied ? t("sign.copied") : here());
      }),
    );
    return line;
  }

  /** @param {Provider} provider */
  function door(provider) {
    const { id, name, asks } = provider;
    const barred = id === "google" && IN_APP.test(navigator.userAgent);
    const unfolds = asks || barred;
    const press = () => {
      if (!unfolds) return connect(provider);
      unfolded = unfolded === provider ? null : provider;
      draw();
      focus(`[data-provider="${id}"]`);
      focus(".unfolded :is(input, button)");
    };
    const props = { "data-provider": id, "aria-label": t("sign.with", { name }), "aria-expanded": unfolds && String(unfolded === provider) };
    const made = button("", "provider-button", press, props);
    made.appendChild(mark(provider));
    // A name that is an address may break before its dots.
    made.appendChild(h("span", {}, ...name.split(/(?=\.)/).flatMap((piece, nth) => [nth > 0 && h("wbr"), piece])));
    const below = unfolded === provider && h("div", { class: "unfolded" }, asks ? question(provider) : elsewhere(provider));
    return [made, below];
  }

  function doors() {
    const some = all || providers.length <= SHOWN ? providers : providers.slice(0, SHOWN - 1);
    const toggle = () => {
      all = !all;
      draw();
      focus(all ? `.provider-button:nth-of-type(${SHOWN})` : ".more");
    };
    const rest = providers.length > SHOWN && button(t(all ? "sign.fewer" : "sign.more", { n: providers.length - some.length }), "more", toggle, { "aria-expanded": String(all) });
    return h("div", { class: "doors" }, ...some.flatMap(door), rest);
  }

  /** Those who are known in this browser; the one who speaks is marked. */
  function people() {
    const speaking = sessions.current()?.user.id;
    const rows = sessions.list().map(({ user }) => {
      const from = via(user.provider) || [t("sign.guest")];
      const choose = () => {
        stop();
        sessions.use(user.id);
        done();
      };
      const row = button("", "held", choose, { "aria-pressed": String(user.id === speaking), "data-user": user.id });
      row.appendChild(portrait(user));
      row.appendChild(h("bdi", { class: "name" }, user.name));
      row.appendChild(h("span", { class: "from quiet" }, ...from));
      return h("li", {}, row);
    });
    return rows.length > 0 && [h("p", { class: "lead" }, t("sign.held")), h("ul", { class: "people" }, ...rows)];
  }

  function draw() {
    const { boxes } = guests;
    const ways = providers.length ? (boxes.length ? "sign.either" : "sign.only_providers") : boxes.length ? "sign.only_guest" : "sign.nobody";
    const body = towards
      ? connecting(towards)
      : [
          word && h("p", { class: "hint", part: "notice", role: "status" }, word),
          ...(people() || []),
          h("p", { class: "lead" }, t(ways)),
          providers.length > 0 && doors(),
          trouble ? h("p", { class: "error", role: "alert" }, t.error(trouble)) : null,
          boxes.length > 0 && h("div", { class: "fields" }, ...boxes),
          sessions.current() &&
            h("p", { class: "row" }, boxes.length > 0 && button(t("sign.use_guest"), "use-guest", change), button(t("write.cancel"), "cancel", done)),
          !store.lasting && h("p", { class: "hint" }, t("sign.no_storage")),
        ];
    clear(el, ...body);
  }

  draw();
  return {
    el,
    show(why = "") {
      [word, trouble, unfolded] = [why, null, null];
      draw();
    },
    guest: guests.guest,
    blame: guests.blame,
    stop() {
      word = "";
      stop();
    },
  };
}
