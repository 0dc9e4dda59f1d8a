/** Likes, and the other marks that a site offers, on comments and on the page itself: how many there are, and which is the
 * speaker's. What a press does comes with the social chunk. */

/** @typedef {import("../types").Mark} Mark */

const SIGNS = /** @type {Record<string, string>} */ ({ "react.add": "☺", "react.like": "★", "react.dislike": "👎", "react.love": "❤", "react.laugh": "😄", "react.wow": "😮", "react.sad": "😢", "react.thanks": "🙏" });
/** Fonts may have no star, or two that do not match. @type {import("../types").Provider} */
const STAR = { id: "", name: "", icon: { paths: [["M12 3l2.8 5.9 6.4.8-4.7 4.4 1.2 6.4L12 17.4l-5.7 3.1 1.2-6.4L2.8 9.7l6.4-.8z"]], color: "#888888" } };

/** @param {import("../types").KnownContext} context @returns {import("../types").Feature} */
export function attach({ t, h, clear, button, slot, root, site, about, social, portrait, mark: drawn, arrival }) {
  // Only people with an account react: where nobody can have one, nobody is asked.
  const offered = (about.providers.length && site.reactions) || [];
  /** By comment; "" is the page. @type {Map<string, Mark>} */
  const marks = new Map();
  /** The speaker's. @type {Record<string, string | null>} */
  let mine = {};

  /** @param {string} kind @returns {Element | string} */
  const sign = (kind) => (kind === "like" ? drawn(STAR) : SIGNS["react." + kind] || "•");

  /** Who comes back from a sign-in may have gone there because they wanted to react. */
  let back = arrival.ticket;

  /** @param {Mark} mark */
  function draw({ name, kinds, mine: kind, like, count, counts, faces }) {
    const [only, other] = kinds;
    const shown = kind || (other ? "add" : only);
    const reaction = t("react." + shown);
    like.hidden = !only;
    like.className = kind ? "like given" : "like";
    like.setAttribute("aria-label", t(name ? "react.comment" : "react.page", { reaction, name }));
    if (!other) like.setAttribute("aria-pressed", String(!!kind));
    clear(like, sign(shown), ` ${reaction}`);

    let [n, plain] = [0, true];
    /** @type {(Element | string)[]} */
    const sums = [];
    for (const one of Object.keys(counts)) {
      if (!(counts[one] > 0)) continue;
      n += counts[one];
      if (one !== "like") plain = false;
      sums.push(sign(one), t(" {n}  ", { n: counts[one] }));
    }
    const said = t(plain ? "react.liked" : "react.count", { n });
    const slim = h("span", { class: faces && "slim" }, ...(plain ? sums.slice(1) : sums));
    const seen = `${slim.textContent}`.trim();
    count.hidden = !n;
    // Who calls it by what they see says the numbers, which the words may lack: some languages have a form for two.
    count.setAttribute("aria-label", said.includes(seen) ? said : `${seen}, ${said}`);
    clear(count, faces, faces && h("span", { class: "wide" }, said), slim);
  }

  /** @param {string} id @param {string[]} kinds @param {string} [name] whose comment it is @returns {Mark} */
  function make(id, kinds, name) {
    const many = kinds.length > 1;
    // A chunk on its way is soon there.
    const pointerenter = () => social(null, () => {});
    const like = button("", "like", () => social(like, (chunk) => chunk.react(mark)), { pointerenter, "aria-haspopup": many && "menu" });
    const count = button("", "likes", () => social(like, (chunk) => chunk.faces(mark)));
    /** @type {Mark} */
    const mark = { ...{ id, name, kinds, like, count, sign }, draw: () => draw(mark), counts: {}, mine: mine[id] };
    marks.set(id, mark);
    return mark;
  }

  /** @type {Mark | undefined} */
  let page;
  if (site.page_reactions && offered[0]) {
    page = make("", [offered[0]]);
    page.faces = h("span", { class: "faces" });
    const heading = /** @type {HTMLElement} */ (root.querySelector(".heading"));
    // The heading has kept the room for it, so that nothing moves.
    heading.classList.add("liked");
    heading.parentNode?.insertBefore(h("div", { class: "applause actions", part: "page-likes" }, page.like, page.count), heading.nextSibling);
  }
  /** @param {Partial<import("../types").ThreadInfo>} info */
  function updated({ version, reactions = {}, faces = [] }) {
    // What says only a part of how it stands says nothing about this.
    if (!page?.faces || version === undefined) return;
    page.counts = reactions;
    clear(page.faces, ...faces.map((one) => portrait(one)));
    draw(page);
  }

  /** @param {import("../types").Mine | null} [answer] */
  function own(answer) {
    mine = { ...answer?.reactions, "": answer?.page || null };
    for (const mark of marks.values()) {
      const now = mine[mark.id] || null;
      // What was pressed since it was asked for is not in it.
      if ((mark.mine || null) === now || (mark.at || 0) > (answer?.asked ?? Infinity)) continue;
      mark.mine = now;
      draw(mark);
    }
    if (!answer || !back) return;
    back = null;
    social(null, (chunk) => chunk.resume());
  }

  return {
    visit(view) {
      const { id, author, state, reactions = {} } = view.data;
      if (!author || state === "pending") return;
      let mark = marks.get(id);
      if (!mark || !view.actions.contains(mark.like)) {
        mark = make(id, offered, author.name);
        slot(view, "likes", h("span", { class: "marks" }, mark.like, mark.count));
      }
      mark.counts = reactions;
      draw(mark);
    },
    updated,
    arrived: ({ thread }) => updated(thread),
    speaker: () => own(null),
    mine: own,
    gives: { marks },
  };
}
