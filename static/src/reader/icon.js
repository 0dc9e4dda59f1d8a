/** A provider's mark: from the server's paths to <svg>, through one list of what a path may be. Nothing else draws. */

const SVG = "http://www.w3.org/2000/svg";
const PATH = /^[Mm][\d\s,.+\-MmLlHhVvCcSsQqTtAaZz]{1,4000}$/;
const COLOR = /^#[\da-f]{6}$/i;

/**
 * A colour that is the one on light pages and the other on dark ones, told by the page's own text colour.
 * @param {string} light #rrggbb @param {string} dark #rrggbb
 */
function shade(light, dark) {
  const channel = (/** @type {number} */ at) => {
    const [from, to] = [light, dark].map((color) => parseInt(color.slice(at, at + 2), 16));
    return `calc(${from} + ${to - from} * clamp(0, g - 128, 1))`;
  };
  // The text's own opacity is not the mark's.
  return `rgb(from currentcolor ${channel(1)} ${channel(3)} ${channel(5)} / 1)`;
}

/**
 * @param {import("../types").Icon | undefined} icon
 * @returns {Element | null} null where there is none that can be drawn
 */
export function draw(icon) {
  if (!Array.isArray(icon?.paths)) return null;
  const svg = document.createElementNS(SVG, "svg");
  for (const [name, value] of Object.entries({ class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true" })) svg.setAttribute(name, value);
  for (const one of icon.paths.slice(0, 12)) {
    const [d, fill] = Array.isArray(one) ? one : [];
    const color = fill || icon.color;
    if (!d || !PATH.test(d) || !COLOR.test(color)) continue;
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", d);
    path.setAttribute("fill", color);
    path.setAttribute("fill-rule", "evenodd");
    // Browsers that do not know such colours keep the attribute's.
    if (!fill && COLOR.test(icon.dark || "")) path.style.fill = shade(color, /** @type {string} */ (icon.dark));
    svg.appendChild(path);
  }
  return svg.firstChild && svg;
}
