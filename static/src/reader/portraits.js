/** Pictures of people, in the place of the first letter of their names, which stands on a colour that belongs to the name. */

/** @typedef {import("../types").User} User */

/** @param {import("../types").ReaderContext} context @returns {import("../types").Feature} */
export function attach({ h, clear, base, portrait }) {
  /** Lay the picture over the letter, which stays where the page's policy or the network refuses it. @param {HTMLElement} face @param {User | undefined} user */
  function paint(face, user) {
    let hue = 0;
    for (const sign of String(user?.name || "")) hue = (hue * 31 + /** @type {number} */ (sign.codePointAt(0))) % 360;
    face.style.setProperty("--hue", String(hue));
    const url = user?.avatar && URL.canParse(user.avatar, base) && new URL(user.avatar, base);
    // Pictures come from our own server alone: no third party learns who reads.
    if (!url || url.origin !== new URL(base).origin) return face;
    const image = h("img", { alt: "", loading: "lazy", load: () => clear(face, image), error: () => image.remove() });
    image.src = url.href;
    face.appendChild(image);
    return face;
  }
  return {
    visit({ el, data }) {
      const face = /** @type {HTMLElement | null} */ (el.querySelector(":scope > article > header .face"));
      if (face && !face.querySelector("img")) paint(face, data.author);
    },
    gives: { portrait: (user) => paint(portrait(user), user) },
  };
}
