/** Second in the composer: "You are commenting as NAME (Log out / Change)", or the tray in which one says who one is. */

/** @typedef {import("./types").Context} Context */
/** @typedef {ReturnType<typeof import("./session.js").sessions>} Sessions */
/** @typedef {ReturnType<typeof import("./signin.js").signin>} Signin */
/** @typedef {{name: string, email?: string, website?: string}} Guest */

/** Every field's label needs an id of its own within the shadow root. */
let made = 0;

/**
 * @param {Context} context
 * @param {object} kit
 * @param {import("./types").Site} kit.site
 * @param {import("./types").Provider[]} kit.providers
 * @param {Sessions} kit.sessions
 * @param {Signin} kit.signin
 * @param {boolean} kit.lasting
 * @param {(held: import("./types").Held) => void} kit.welcome a session that a sign-in brought
 * @param {() => Promise<unknown>} kit.logout
 * @param {{read: () => Partial<Guest>, write: (guest: Guest) => void}} kit.memory of guest fields
 * @param {(guest: Guest) => Promise<unknown>} kit.become open a guest session
 */
export function identity({ t, h, clear, button, guard, portrait, base, say }, kit) {
  const { site, providers, sessions, signin } = kit;
  const el = h("div", { class: "identity", part: "identity" });
  /** "" the line or the tray as it fits; "change" the tray although somebody speaks; "connecting" while a window is open. */
  let mode = "";
  /** @type {ReturnType<Signin["popup"]> | null} */
  let login = null;
  /** @type {import("./types").Provider | null} */
  let towards = null;
  /** @type {unknown} */
  let trouble = null;
  let word = "";

  const serial = ++made;
  const remembered = kit.memory.read();
  /** @param {string} name @param {string} label @param {Record<string, unknown>} props */
  function field(name, label, props) {
    const input = h("input", { id: `cw-${name}-${serial}`, name, part: `guest-${name}`, ...props, input: save, keydown: enter });
    input.value = remembered[/** @type {keyof Guest} */ (name)] || "";
    const error = h("span", { class: "error", role: "alert", id: `cw-${name}-${serial}-error` });
    const box = h("p", { class: "field" }, h("label", { for: input.id }, label), input, error);
    return { input, error, box };
  }
  const required = site.guest_email === "required";
  /** @type {Record<string, ReturnType<typeof field>>} */
  const fields = {};
  if (site.guests) {
    fields.name = field("name", t("sign.name"), { autocomplete: "name", maxlength: 80, "aria-required": "true" });
    if (site.guest_email !== "off")
      fields.email = field("email", t(required ? "sign.email" : "sign.email_optional"), {
        type: "email",
        autocomplete: "email",
        "aria-required": required && "true",
      });
    fields.website = field("website", t("sign.website"), { inputmode: "url", autocomplete: "url", placeholder: "https://" });
  }

  /** @returns {Guest} */
  function guest() {
    const value = (/** @type {string} */ name) => fields[name]?.input.value.trim() || undefined;
    const website = value("website");
    return { name: value("name") || "", email: value("email"), website: website && (/^[a-z]+:/i.test(website) ? website : `https://${website}`) };
  }
  function save() {
    blame(null);
    kit.memory.write(guest());
  }
  function enter(/** @type {KeyboardEvent} */ event) {
    // In the tray of "Change" the return key must not post the comment as whoever speaks now.
    if (event.key !== "Enter" || mode !== "change") return;
    event.preventDefault();
    guard(become)();
  }

  /** Which of the guest's fields an error speaks of. @param {any} problem @returns {string} */
  const fieldOf = (problem) => ({ "guest.name_missing": "name", "guest.bad_email": "email", "guest.email_missing": "email", "guest.bad_website": "website" })[String(problem?.code)] || "";

  /** Show a trouble at the field it is about. @param {unknown} problem @returns {boolean} whether it is about one of these */
  function blame(problem) {
    const at = fieldOf(problem);
    for (const name of Object.keys(fields)) {
      const { input, error } = fields[name];
      const mine = name === at;
      clear(error, mine && t.error(problem));
      if (mine) {
        input.setAttribute("aria-invalid", "true");
        input.setAttribute("aria-describedby", error.id);
        input.focus();
      } else {
        input.removeAttribute("aria-invalid");
        input.removeAttribute("aria-describedby");
      }
    }
    return !!fields[at];
  }

  async function become() {
    try {
      await kit.become(guest());
      mode = "";
      draw();
    } catch (problem) {
      if (blame(problem)) return;
      trouble = problem;
      draw();
    }
  }

  /** @param {import("./types").Provider} provider */
  function connect(provider) {
    login?.cancel();
    towards = provider;
    mode = "connecting";
    trouble = null;
    word = "";
    const finish = (/** @type {unknown} */ problem) => {
      login = null;
      mode = "";
      trouble = problem;
      draw();
    };
    login = signin.popup(
      provider,
      guard((held) => {
        kit.welcome(held);
        finish(null);
      }),
      guard((problem) => {
        finish(problem);
        if (sessions.current()) mode = "change";
        draw();
      }),
    );
    draw();
    el.querySelector("button")?.focus();
  }

  /** @param {string} name */
  const mark = (name) => portrait({ id: "", name }, base);
  const providerName = (/** @type {string | undefined} */ id) => providers.find((one) => one.id === id)?.name || id || "";

  function line(/** @type {import("./types").User} */ user) {
    const name = h("bdi", { class: "name", part: "identity-name", title: user.guest ? t("sign.guest") : providerName(user.provider) }, user.name);
    const out = button(t("sign.logout"), "logout", kit.logout);
    const change = button(t("sign.change"), "change", () => open("", true));
    const words = t.rich("sign.as", { name, logout: out, change });
    return h("div", { class: "line" }, portrait(user, base), h("p", {}, ...words));
  }

  function connecting() {
    const name = towards?.name || "";
    const cancel = button(t("write.cancel"), "cancel", () => {
      login?.cancel();
      login = null;
      mode = sessions.current() ? "change" : "";
      draw();
    });
    const go = button(t("sign.here"), "here", () => {
      login?.cancel();
      if (towards) signin.leave(towards);
    });
    return h(
      "div",
      { class: "connecting", role: "status" },
      h("p", {}, h("span", { class: "spin", "aria-hidden": "true" }), t("sign.connecting", { name })),
      !login?.opened && h("p", { class: "hint" }, t("sign.no_window")),
      h("p", { class: "row" }, cancel, kit.lasting && go),
    );
  }

  function tray() {
    const speaking = sessions.current()?.user;
    const held = sessions.list().filter((one) => one.user.id !== speaking?.id || mode === "change");
    const options = held.map(({ user }) =>
      button(user.name, "held", () => choose(user.id), {
        "aria-pressed": user.id === speaking?.id ? "true" : "false",
        "data-user": user.id,
        title: user.guest ? t("sign.guest") : providerName(user.provider),
      }),
    );
    options.forEach((option, at) => {
      option.insertBefore(portrait(held[at].user, base), option.firstChild);
      option.appendChild(h("span", { class: "via" }, ` ${option.title}`));
    });
    const doors = providers.map((provider) => {
      const door = button(provider.name, "provider-button", () => connect(provider), { "data-provider": provider.id });
      door.insertBefore(mark(provider.name), door.firstChild);
      return door;
    });
    const boxes = Object.values(fields).map((one) => one.box);
    const ways = doors.length ? (boxes.length ? "sign.either" : "sign.only_providers") : boxes.length ? "sign.only_guest" : "sign.nobody";
    return h(
      "div",
      { class: "tray", part: "tray", role: "group", "aria-label": t("sign.who") },
      word && h("p", { class: "hint", part: "notice", role: "status" }, word),
      options.length > 0 && h("p", { class: "lead" }, t("sign.held")),
      options.length > 0 && h("div", { class: "doors" }, ...options),
      h("p", { class: "lead" }, t(ways)),
      doors.length > 0 && h("div", { class: "doors" }, ...doors),
      boxes.length > 0 && h("div", { class: "fields" }, ...boxes),
      mode === "change" &&
        h("p", { class: "row" }, boxes.length > 0 && button(t("sign.use_guest"), "use-guest", become), button(t("write.cancel"), "cancel", () => choose(speaking?.id || ""))),
      !kit.lasting && h("p", { class: "hint" }, t("sign.no_storage")),
    );
  }

  /** @param {string} id */
  function choose(id) {
    mode = word = "";
    trouble = null;
    if (id) sessions.use(id);
    draw();
    /** @type {HTMLElement | null} */ (el.querySelector(".change"))?.focus();
  }

  function draw() {
    const user = sessions.current()?.user;
    const body = mode === "connecting" ? connecting() : user && mode !== "change" ? line(user) : tray();
    clear(el, body, trouble ? h("p", { class: "error", role: "alert" }, t.error(trouble)) : null);
  }

  /** @param {string} [why] a word about why it opens @param {boolean} [focus] */
  function open(why = "", focus = false) {
    mode = sessions.current() ? "change" : "";
    word = why;
    trouble = null;
    draw();
    if (why) say(why);
    if (focus) /** @type {HTMLElement | null} */ (el.querySelector("button, input"))?.focus();
  }

  draw();
  return {
    el,
    open,
    guest,
    blame,
    /** Whether the guest's fields can be seen. */
    asking: () => !!el.querySelector(".tray"),
    /** Another one speaks, here or in another tab. */
    changed() {
      if (mode === "connecting") {
        login?.cancel();
        login = null;
      }
      mode = "";
      trouble = null;
      if (sessions.current()) word = "";
      draw();
    },
  };
}
