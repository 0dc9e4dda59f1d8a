/** The fields in which a guest says who they are. */

/** Every field's label needs an id of its own within the shadow root. */
let made = 0;

/** @typedef {import("../types").Guest} Guest */

/**
 * A labelled field with a place for its error.
 * @param {import("../types").KnownContext} context
 * @param {string} name @param {string} label @param {Record<string, unknown>} props
 */
export function field({ h, clear, t }, name, label, props) {
  const id = `cw-${name}-${++made}`;
  const input = h("input", { id, name, ...props });
  const error = h("span", { class: "error", role: "alert", id: `${id}-error` });
  const box = h("p", { class: "field" }, h("label", { for: id }, label), input, error);
  /** Show what is wrong with it, or that nothing is any more. @param {unknown} problem @param {boolean} [focus] */
  const blame = (problem, focus = true) => {
    clear(error, problem ? t.error(problem) : null);
    for (const [mark, value] of [["aria-invalid", "true"], ["aria-describedby", error.id]]) {
      if (problem) input.setAttribute(mark, value);
      else input.removeAttribute(mark);
    }
    if (problem && focus) input.focus();
  };
  return { input, box, blame };
}

/** @type {Record<string, string>} */
const FIELDS = { "guest.name_missing": "name", "guest.bad_email": "email", "guest.email_missing": "email", "guest.bad_website": "website" };

/**
 * @param {import("../types").KnownContext} context
 * @param {import("../types").Site} site
 * @param {{read: () => Partial<Guest>, write: (guest: Guest) => void}} memory of what was typed
 * @param {(event: KeyboardEvent) => void} keydown
 */
export function guestFields(context, site, memory, keydown) {
  const { t } = context;
  const required = site.guest_email === "required";
  /** @type {Record<string, ReturnType<typeof field>>} */
  const fields = {};
  const remembered = memory.read();
  /** @param {"name" | "email" | "website"} name @param {string} label @param {Record<string, unknown>} props */
  function add(name, label, props) {
    fields[name] = field(context, name, label, { part: `guest-${name}`, ...props, input: save, keydown });
    fields[name].input.value = remembered[name] || "";
  }
  if (site.guests) {
    add("name", t("sign.name"), { autocomplete: "name", maxlength: 80, "aria-required": "true" });
    if (site.guest_email !== "off")
      add("email", t(required ? "sign.email" : "sign.email_optional"), {
        type: "email",
        dir: "ltr",
        autocomplete: "email",
        "aria-required": required && "true",
      });
    add("website", t("sign.website"), { dir: "ltr", inputmode: "url", autocomplete: "url", placeholder: "https://" });
  }

  /** @returns {Guest} */
  function guest() {
    const value = (/** @type {string} */ name) => fields[name]?.input.value.trim() || undefined;
    const website = value("website");
    return { name: value("name") || "", email: value("email"), website: website && (/^[a-z]+:/i.test(website) ? website : `https://${website}`) };
  }
  function save() {
    blame(null);
    memory.write(guest());
  }
  /** Show a trouble at the field it is about. @param {any} problem @returns {boolean} whether it is about one of these */
  function blame(problem) {
    const at = FIELDS[String(problem?.code)];
    for (const name of Object.keys(fields)) fields[name].blame(name === at && problem);
    return !!fields[at];
  }
  return { boxes: Object.values(fields).map(({ box }) => box), guest, blame };
}
