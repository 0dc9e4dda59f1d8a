/** "Notify me of replies by e-mail": offered where the server sends mail, never ticked, and asked for with the comment. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { until } from './page.js';
import { BASE, HELD, json, look, refuse, seen, server } from './stage.js';

const known = () => localStorage.setItem(`cw:session|${BASE}|blog`, JSON.stringify({ current: HELD.user.id, held: { [HELD.user.id]: HELD } }));
let site;
beforeEach(() => {
  site = server['GET site']();
  server['GET site'] = () => ({ ...site, mail: true });
  server['GET me/subscriptions'] = () => ({ subscriptions: [], address: 'given' });
  server['POST subscriptions'] = () => ({ subscriptions: [], confirm: 'z•@example.org' });
});

/** A box in which something is written. */
async function written() {
  const stage = await look();
  const text = await until(() => stage.$('textarea'));
  text.focus();
  text.value = 'Hello';
  text.dispatchEvent(new Event('input', { bubbles: true }));
  await until(() => stage.$('[part~=submit]'));
  const send = () => stage.$('form').dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }));
  return { ...stage, send, tick: () => stage.$('[part=notify]') };
}
const asked = () => seen.filter(({ path, method }) => path === 'subscriptions' && method === 'POST');

test('it is offered where there is mail, and nobody has ticked it', async () => {
  known();
  const { tick, $ } = await written();
  assert.equal((await until(tick)).checked, false);
  assert.equal($('.notify label').textContent, 'Notify me of replies by e-mail');
});

test('where the server sends none it is not there', async () => {
  server['GET site'] = () => site;
  known();
  assert.equal((await written()).tick(), null);
});

test('a comment without the tick asks for nothing', async () => {
  known();
  const { send, $ } = await written();
  send();
  await until(() => $('#comment-new'));
  assert.deepEqual(asked(), []);
});

test('with the tick it is asked for once the comment is there, and what follows is said beside it', async () => {
  known();
  const { tick, send, $ } = await written();
  (await until(tick)).checked = true;
  send();
  const note = await until(() => $('[part=notified]'));
  assert.equal(note.textContent, 'A message is on its way to z•@example.org. Confirm there, and you will hear of replies.');
  assert.deepEqual(asked().map(({ body }) => [body.site, body.kinds, body.email]), [['blog', ['replies'], undefined]]);
  assert.ok(seen.findIndex(({ path }) => path === 'comments') < seen.findIndex(({ path }) => path === 'subscriptions'));
  assert.equal(tick().checked, false);
});

test('where nobody knows an address it is asked first, and the text stays', async () => {
  known();
  server['GET me/subscriptions'] = () => ({ subscriptions: [], address: null });
  const { tick, send, $ } = await written();
  (await until(tick)).checked = true;
  send();
  await until(() => $('.notify .error').textContent);
  assert.equal($('textarea').value, 'Hello');
  assert.equal($('#comment-new'), null);
  $('[part=notify-address]').value = 'zoe@example.org';
  send();
  await until(() => asked().length);
  assert.equal(asked()[0].body.email, 'zoe@example.org');
});

test('a guest is asked in their own field', async () => {
  const { tick, send, $ } = await written();
  const name = await until(() => $('[part=guest-name]'));
  name.value = 'Zoë';
  (await until(tick)).checked = true;
  send();
  await until(() => $('[part=guest-email]').getAttribute('aria-invalid'));
  assert.equal($('.notify .field').hidden, true);
  assert.equal($('#comment-new'), null);
  $('[part=guest-email]').value = 'zoe@example.org';
  send();
  await until(() => asked().length);
  assert.deepEqual(asked()[0].body.kinds, ['replies']);
});

test('a comment that waits is told of as well', async () => {
  known();
  const post = server['POST comments'];
  server['POST comments'] = async (...given) => {
    const answer = await (await post(...given)).json();
    return json(201, { ...answer, comment: { ...answer.comment, state: 'pending' } });
  };
  const { tick, send } = await written();
  (await until(tick)).checked = true;
  send();
  await until(() => asked().length);
  assert.deepEqual(asked()[0].body.kinds, ['replies', 'published']);
});

test('a refusal is said, and the comment stands', async () => {
  known();
  server['POST subscriptions'] = () => refuse(429, 'subscription.too_many');
  const { tick, send, $ } = await written();
  (await until(tick)).checked = true;
  send();
  assert.equal((await until(() => $('[part=notified]'))).textContent, 'Too many messages were asked for. Please try again later.');
});
