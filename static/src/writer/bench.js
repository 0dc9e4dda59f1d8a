/** The tools that every box has to write with: for a comment, an answer, a change. */

/** @typedef {import("../types").Box} Box */
/** @typedef {import("../types").Tool} Tool */
/** @typedef {{attach(context: import("../types").KnownContext, box: Box): Tool}} Maker */

/**
 * @param {import("../types").KnownContext} context
 * @param {Maker[]} makers
 */
export function bench(context, makers) {
  const { h, guard } = context;
  /** @type {Map<Box, Tool[]>} */
  const boxes = new Map();
  const all = [...makers];

  /** @param {Maker} maker @param {Box} box */
  const fit = guard((maker, box) => {
    const tool = maker.attach(context, box);
    boxes.get(box)?.push(tool);
    tool.typed?.();
  });

  return {
    /** @param {Omit<Box, "bar">} place */
    equip(place) {
      const bar = h("div", { class: "bar" });
      place.form.insertBefore(bar, place.text);
      const box = { ...place, bar };
      boxes.set(box, []);
      for (const maker of all) fit(maker, box);
      const typed = () => {
        for (const tool of boxes.get(box) || []) guard(() => tool.typed?.())();
      };
      place.text.addEventListener("input", typed);
      place.form.addEventListener(
        "keydown",
        guard((event) => {
          if (boxes.get(box)?.some((tool) => tool.key?.(event))) event.preventDefault();
        }),
      );
      return { typed, leave: () => void boxes.delete(box) };
    },
    /** Tools that come later, for the boxes that stand and those to come. @param {Maker} maker */
    add(maker) {
      all.push(maker);
      for (const box of boxes.keys()) fit(maker, box);
    },
  };
}
