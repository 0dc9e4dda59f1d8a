/** "Notify me of replies by e-mail": never ticked by us; asked for once the comment is there. */

/** @typedef {import("../types").Held} Held */

let made = 0;

/** @param {import("../types").KnownContext} context */
export function notify({ t, h, clear, ask, about, site, sessions, say, config }) {
  const id = `cw-notify-${++made}`;
  const tick = h("input", { type: "checkbox", id, part: "notify" });
  const address = h("input", { type: "email", id: `${id}-to`, part: "notify-address", dir: "ltr", autocomplete: "email", "aria-describedby": `${id}-why` });
  const why = h("span", { class: "error", role: "alert", id: `${id}-why` });
  const field = h("span", { class: "field", hidden: true }, h("label", { for: address.id }, t("mail.address")), address, why);
  const el = about.mail ? h("p", { class: "notify" }, tick, h("label", { for: id }, t("mail.replies")), field) : null;

  /** Whether the server knows where to write to. @param {Held | null} speaker @param {import("../types").Guest} guest */
  async function known(speaker, guest) {
    if (!speaker) return !!guest.email;
    return (await ask("me/subscriptions", { held: speaker })).address;
  }

  return {
    el,
    wanted: () => !!el && tick.checked,
    /**
     * Whether the comment may go: no, when mail is wanted and nobody has said where to.
     * @param {Held | null} speaker @param {import("../types").Guest} guest
     * @param {(problem: unknown) => boolean} blame show it in the guest's own field, if there is one
     */
    async ready(speaker, guest, blame) {
      if (address.value.trim() || (await known(speaker, guest).catch(() => true))) return true;
      const missing = { code: "subscription.no_address" };
      if (!speaker && blame({ code: "guest.email_missing", message: t.error(missing) })) return false;
      field.hidden = false;
      clear(why, t.error(missing));
      address.focus();
      return false;
    },
    /** @param {any} comment that was posted @param {import("../types").View | undefined} view */
    async posted(comment, view) {
      if (!el || !tick.checked) return;
      const held = sessions.current() || undefined;
      const kinds = comment.state === "pending" ? ["replies", "published"] : ["replies"];
      let words;
      try {
        const body = { site: site.key, kinds, lang: config.lang, email: address.value.trim() || undefined };
        const { confirm } = await ask("subscriptions", { method: "POST", body, held });
        words = confirm ? t("mail.confirm", { address: confirm }) : t("mail.on");
      } catch (problem) {
        words = t.error(problem);
      }
      tick.checked = false;
      field.hidden = true;
      say(words);
      // Where the comment stands: the box it was written in may be gone.
      if (view?.el.isConnected) clear(view.below, h("p", { class: "quiet", part: "notified" }, words));
    },
  };
}
