/** How many characters are left, once it is anybody's business. */

/** @param {import("../types").KnownContext} context @param {import("../types").Box} box @returns {import("../types").Tool} */
export function attach({ t, h, clear, site }, { text, row }) {
  const left = h("span", { class: "left quiet", part: "left" });
  row.insertBefore(left, row.firstChild);
  return {
    typed() {
      // Code points, as the server counts.
      const room = site.max_length - [...text.value].length;
      clear(left, room < site.max_length / 10 && t("write.left", { n: room }));
      left.classList.toggle("over", room < 0);
    },
  };
}
