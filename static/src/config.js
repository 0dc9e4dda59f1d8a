/** What the page says about itself and about the widget. */

export const ATTRIBUTES = ["site", "page-url", "page-id", "page-title", "lang", "theme", "sort", "lazy"];

/** @param {string} host */
const bare = (host) => host.replace(/^www\./, "");

/** This document's address without its fragment. */
export const here = () => location.href.replace(/#.*$/s, "");

/**
 * The address whose conversation is shown: page-url, else the canonical link if it stays on this host, else `here()`.
 * @param {Element} el
 */
export function pageUrl(el) {
  const said = el.getAttribute("page-url");
  if (said) return new URL(said, document.baseURI).href;
  const link = /** @type {HTMLLinkElement | null} */ (document.querySelector('link[rel~="canonical"][href]'));
  if (link) {
    try {
      const url = new URL(link.href, document.baseURI);
      // A theme's canonical that points elsewhere must not move the conversation to a foreign page.
      if (bare(url.host) === bare(location.host)) return url.href.replace(/#.*$/s, "");
    } catch {
      // A canonical that is no address says nothing.
    }
  }
  return here();
}

/** @param {Element} el @returns {Omit<import("./types").Config, "lang">} */
export function readConfig(el) {
  const get = (/** @type {string} */ name) => (el.getAttribute(name) || "").trim();
  const lazy = el.getAttribute("lazy");
  return {
    site: get("site"),
    url: pageUrl(el),
    id: get("page-id"),
    // A page that shows another page's conversation has that one's address, but not its title.
    title: get("page-title") || (get("page-url") ? "" : document.title),
    sort: get("sort"),
    lazy: lazy !== null && lazy !== "false",
  };
}

/** The order that the reader chose on this site, kept by reader/sort.js; undefined where nothing is. @param {string} base @param {string} site */
export function chosen(base, site) {
  try {
    return localStorage.getItem(`cw:sort|${base}|${site}`)?.slice(1, -1);
  } catch {
    // Denied: as if nothing had been chosen.
  }
}

/**
 * The ticket that a sign-in left in the page's address; takes it off the address first, whoever's it is.
 * @returns {{tx: string, code: string} | null}
 */
export function takeTicket() {
  const found = /^#cw=([\w-]{8,})\.([\w-]{8,})$/.exec(location.hash);
  if (!found) return null;
  history.replaceState(history.state, "", location.pathname + location.search);
  return { tx: found[1], code: found[2] };
}
