/** Emoji by their names, as the server knows them; the common ones. */
const ALL = `grinning 😀|smiley 😃|smile 😄|grin 😁|laughing 😆|sweat_smile 😅|rofl 🤣|joy 😂|slightly_smiling_face 🙂|upside_down_face 🙃|wink 😉|blush 😊|innocent 😇|heart_eyes 😍|star_struck 🤩|kissing_heart 😘|yum 😋|stuck_out_tongue 😛|zany_face 🤪|hugs 🤗|thinking 🤔|shushing_face 🤫|neutral_face 😐|smirk 😏|roll_eyes 🙄|grimacing 😬|relieved 😌|pensive 😔|sleepy 😪|sleeping 😴|mask 😷|dizzy_face 😵|exploding_head 🤯|partying_face 🥳|sunglasses 😎|nerd_face 🤓|confused 😕|worried 😟|open_mouth 😮|astonished 😲|flushed 😳|cry 😢|sob 😭|scream 😱|disappointed 😞|sweat 😓|tired_face 😫|triumph 😤|rage 😡|angry 😠|skull 💀|poop 💩|ghost 👻|alien 👽|robot 🤖|see_no_evil 🙈|kiss 💋|heart ❤️|orange_heart 🧡|yellow_heart 💛|green_heart 💚|blue_heart 💙|purple_heart 💜|broken_heart 💔|sparkling_heart 💖|100 💯|boom 💥|dizzy 💫|zzz 💤|wave 👋|raised_hand ✋|ok_hand 👌|v ✌️|crossed_fingers 🤞|point_left 👈|point_right 👉|point_up_2 👆|point_down 👇|+1 👍|thumbsup 👍|-1 👎|thumbsdown 👎|fist ✊|clap 👏|raised_hands 🙌|handshake 🤝|pray 🙏|muscle 💪|eyes 👀|brain 🧠|baby 👶|shrug 🤷|facepalm 🤦|dog 🐶|cat 🐱|fox_face 🦊|bear 🐻|panda_face 🐼|unicorn 🦄|bee 🐝|bug 🐛|butterfly 🦋|snail 🐌|turtle 🐢|snake 🐍|octopus 🐙|whale 🐳|bird 🐦|penguin 🐧|rose 🌹|sunflower 🌻|seedling 🌱|evergreen_tree 🌲|four_leaf_clover 🍀|mushroom 🍄|apple 🍎|banana 🍌|strawberry 🍓|avocado 🥑|bread 🍞|cheese 🧀|pizza 🍕|hamburger 🍔|cookie 🍪|cake 🍰|birthday 🎂|coffee ☕|tea 🍵|beer 🍺|wine_glass 🍷|earth_africa 🌍|sunny ☀️|cloud ☁️|rainbow 🌈|snowflake ❄️|fire 🔥|zap ⚡|star ⭐|sparkles ✨|ocean 🌊|house 🏠|car 🚗|bike 🚲|airplane ✈️|rocket 🚀|tada 🎉|gift 🎁|trophy 🏆|soccer ⚽|guitar 🎸|musical_note 🎵|art 🎨|camera 📷|computer 💻|bulb 💡|book 📖|books 📚|memo 📝|mag 🔍|lock 🔒|key 🔑|hammer 🔨|wrench 🔧|gear ⚙️|link 🔗|warning ⚠️|x ❌|white_check_mark ✅|question ❓|exclamation ❗`
  .split("|")
  .map((one) => one.split(" "));

/** Those whose name, or a word of it, begins with `word`. @param {string} word @returns {import("./offers.js").Offer[]} */
export function find(word) {
  const sought = word.toLowerCase();
  const rank = (/** @type {string} */ name) => (name === sought ? -1 : name.startsWith(sought) ? 0 : name.includes(`_${sought}`) ? 1 : 2);
  return ALL.filter(([name]) => rank(name) < 2)
    .sort(([a], [b]) => rank(a) - rank(b))
    .map(([name, sign]) => ({ label: `:${name}:`, sign, insert: `${sign} ` }));
}

/** A grid of them under the row of buttons.
 * @param {import("../types").KnownContext} context @param {HTMLElement} bar @param {(sign: string) => void} take */
export function grid({ t, h, clear, button }, bar, take) {
  const pane = h("div", { class: "emoji", part: "emoji", role: "group", "aria-label": t("tool.emoji"), hidden: true });
  bar.appendChild(pane);
  function close() {
    pane.hidden = true;
    clear(pane);
  }
  function open() {
    const signs = ALL.filter(([, sign], at) => at === ALL.findIndex((other) => other[1] === sign));
    clear(pane, ...signs.map(([name, sign], at) => button(sign, "tool", () => (close(), take(sign)), { "aria-label": name.replace(/_/g, " "), tabindex: at ? -1 : 0 })));
    pane.hidden = false;
    /** @type {HTMLElement} */ (pane.firstChild).focus();
  }
  pane.addEventListener("keydown", (event) => {
    const all = /** @type {HTMLElement[]} */ ([...pane.children]);
    const at = all.indexOf(/** @type {HTMLElement} */ (event.target));
    const across = all.filter((one) => one.offsetTop === all[0].offsetTop).length;
    const on = pane.matches(":dir(rtl)") ? -1 : 1;
    const moves = /** @type {Record<string, number>} */ ({ ArrowRight: at + on, ArrowLeft: at - on, ArrowDown: at + across, ArrowUp: at - across, Home: 0, End: all.length - 1 });
    if (event.key === "Escape") {
      close();
      take("");
    } else if (event.key in moves) all[moves[event.key]]?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  return { toggle: () => (pane.hidden ? open() : close()) };
}
