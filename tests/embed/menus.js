/** Comments' menus, for the tests of what is in them. */
import { until } from './page.js';
import { BASE, HELD, look } from './stage.js';

export const MEMBER = { ...HELD, user: { id: 'eva', name: 'Eva', guest: false, provider: 'demo' } };
export const SHELF = `cw:session|${BASE}|blog`;
export const known = (held = HELD) => localStorage.setItem(SHELF, JSON.stringify({ current: held.user.id, held: { [held.user.id]: held } }));
export const rows = ($$) => $$('[role=menu] > *').map((row) => row.textContent);
export const dots = ($, id = 'a') => $(`#comment-${id} > article .menu`);
export const press = (el, key) => el.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
/** A widget whose comment a's menu is open. */
export async function opened(id = 'a') {
  const stage = await look();
  (await until(() => dots(stage.$, id))).click();
  await until(() => stage.$('[role=menu]'));
  const choose = (at) => stage.$$('[role=menu] > *')[at].click();
  return { ...stage, choose };
}
