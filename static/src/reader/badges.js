/** Beside a name, the mark of the provider who vouches for it. */

/** @param {import("../types").KnownContext} context @returns {import("../types").Feature} */
export function attach({ t, h, slot, providerOf, mark }) {
  return {
    visit(view) {
      const provider = providerOf(view.data.author?.provider);
      const title = provider && t("sign.via", { provider: provider.name });
      slot(view, "provider", provider && h("span", { class: "via", part: "provider", "data-provider": provider.id, title }, mark(provider), h("span", { class: "unseen" }, title)));
    },
  };
}
