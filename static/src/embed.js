/** /embed.js: takes a sign-in's ticket off the address, defines <comment-widget>, and mounts where its script tag stands. */
import { ATTRIBUTES, takeTicket } from "./config.js";
import { guard } from "./dom.js";
import { define } from "./mount.js";

guard(() => {
  const arrival = { ticket: takeTicket() };
  addEventListener(
    "hashchange",
    guard(() => void (arrival.ticket = takeTicket() || arrival.ticket)),
  );

  // Loaders that copy the script leave no currentScript: the tag is then found by its name.
  const all = /** @type {NodeListOf<HTMLScriptElement>} */ (document.querySelectorAll('script[src*="embed.js"]'));
  const script = /** @type {HTMLScriptElement | null} */ (document.currentScript) || all[all.length - 1];
  const base = new URL(".", script?.src || location.href).href;
  define(base, arrival);

  const mount = guard(async () => {
    // Whether it is a place of another system (#disqus_thread, #cusdis_thread, …) is for the chunk to say.
    if (document.querySelector("[id$=s_thread],#isso-thread,#remark42,#commento,.giscus,[data-mapping]") && (await import(base + CW_DROPIN)).attach(base, script)) return;
    if (!script?.isConnected || script.closest("head")) return;
    const el = document.createElement("comment-widget");
    for (const name of ATTRIBUTES) {
      const value = script.getAttribute(`data-${name}`);
      if (value !== null) el.setAttribute(name, value);
    }
    const twin = (/** @type {Element} */ other) => ATTRIBUTES.every((name) => other.getAttribute(name) === el.getAttribute(name));
    // Elements of the page's own take the widget; a script that stands there twice shows it once.
    const others = [...document.querySelectorAll("comment-widget")];
    if (others.some((other) => !(/** @type {any} */ (other).server) || twin(other))) return;
    /** @type {any} */ (el).server = base;
    script.parentNode?.insertBefore(el, script.nextSibling);
  });
  // An element further down may not be parsed yet.
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", mount);
  else mount();
})();
