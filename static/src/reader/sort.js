/** In which order the comments stand: chosen beside them, kept for this site in this browser (config.js reads it). */

const ORDERS = ["oldest", "newest", "best", "replies"];

/** @param {import("../types").KnownContext} context @returns {import("../types").Feature} */
export function attach({ t, h, base, config, thread, store, guard, form }) {
  const select = h("select", { part: "sort" }, ...ORDERS.map((order) => h("option", { value: order }, t(`list.sort.${order}`))));
  select.value = config.sort;
  select.addEventListener(
    "change",
    guard(() => {
      config.sort = select.value;
      // A link's comment may stand on a later page now: the link has been followed.
      if (/^#comment-/.test(location.hash)) history.replaceState(history.state, "", location.pathname + location.search);
      store.write(`sort|${base}|${config.site}`, config.sort);
      return thread.reload();
    }),
  );
  // The room is there already (embed.css), and the list is made anew without this.
  const place = /** @type {HTMLElement} */ (form.parentNode).querySelector(".place");
  const tools = h("div", { class: "tools" }, h("label", { class: "quiet" }, t("list.sort"), " ", select));
  place?.parentNode?.insertBefore(tools, place);
  return {};
}
