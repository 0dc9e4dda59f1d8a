/* Keys, swipes and "all of this page", for those who have them; every button works without. */
(() => {
  const items = [...document.querySelectorAll(".item")];
  const dialog = document.getElementById("keys");
  const hint = document.getElementById("keys-hint");
  const press = (root, key) => root?.querySelector(`button[data-key="${key}"]`)?.click();
  const current = () => items.find((item) => item.contains(document.activeElement));
  const go = (to) => {
    const item = items[Math.max(0, Math.min(items.length - 1, to))];
    item?.focus({ preventScroll: true });
    item?.scrollIntoView({ block: "nearest" });
  };
  if (matchMedia("(hover: hover)").matches) hint.hidden = false;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || dialog.open) return;
    if (event.target.closest("input:not([type=checkbox]), select, textarea")) return;
    const item = current();
    const at = items.indexOf(item);
    const acts = {
      j: () => go(at + 1),
      k: () => go(at < 0 ? 0 : at - 1),
      a: () => press(item, "a"),
      s: () => press(item, "s"),
      d: () => press(item, "d"),
      r: () => press(item, "r"),
      x: () => item?.querySelector("input[name=pick]").click(),
      u: () => press(document.getElementById("told"), "u"),
      "?": () => dialog.showModal(),
    };
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  /* A finger to the right lets through, one to the left is spam; up and down it scrolls. */
  const FAR = 96;
  for (const item of items) {
    let begun = null;
    const end = (decided) => {
      item.classList.remove("going", "go-a", "go-s");
      item.style.transform = "";
      const moved = begun?.moved || 0;
      begun = null;
      if (decided && Math.abs(moved) >= FAR) press(item, moved > 0 ? "a" : "s");
    };
    item.addEventListener("pointerdown", (event) => {
      if (event.pointerType === "mouse" || event.target.closest("a, button, input, select, summary, pre, label")) return;
      begun = { x: event.clientX, y: event.clientY, moved: 0 };
    });
    item.addEventListener("pointermove", (event) => {
      if (!begun) return;
      const moved = event.clientX - begun.x;
      if (Math.abs(event.clientY - begun.y) > 48 && Math.abs(moved) < 48) return end(false);
      begun.moved = moved;
      item.classList.toggle("going", Math.abs(moved) > 12);
      item.classList.toggle("go-a", moved >= FAR);
      item.classList.toggle("go-s", moved <= -FAR);
      item.style.transform = Math.abs(moved) > 12 ? `translateX(${moved}px)` : "";
    });
    item.addEventListener("pointerup", () => end(true));
    item.addEventListener("pointercancel", () => end(false));
  }

  const every = document.getElementById("every");
  if (every) {
    every.hidden = false;
    const picks = [...document.querySelectorAll("input[name=pick]")];
    every.querySelector("input").addEventListener("change", (event) => picks.forEach((one) => (one.checked = event.target.checked)));
  }

  /* Where a decision left off: the comment after it. */
  const next = location.hash.startsWith("#c-") && document.getElementById(location.hash.slice(1));
  if (next) next.focus({ preventScroll: true });
  if (document.getElementById("told")) history.replaceState(null, "", location.pathname + location.search.replace(/[?&](did|n|left|undo)=[^&]*/g, "").replace(/^&/, "?") + location.hash);
})();
