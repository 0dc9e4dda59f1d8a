/** The tools of the box: what they make of the text, and what they offer. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from './page.js';
import { refuse, seen, server, show } from './stage.js';
import { find } from '../../static/src/tools/emoji.js';

async function box(value = '', from = value.length, to = from) {
  const stage = await show();
  await until(() => stage.$('[part=tools]'), 'the tools');
  const text = stage.$('textarea');
  stage.type('textarea', value);
  text.setSelectionRange(from, to);
  const press = (name) => stage.$(`[part=tool].is-${name}`).click();
  const chosen = () => text.value.slice(text.selectionStart, text.selectionEnd);
  const key = (name) => text.dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true, cancelable: true }));
  return { ...stage, text, press, chosen, key };
}

for (const [name, before, after, left] of [
  ['bold', ['one two', 4, 7], 'one **two**', 'two'],
  ['bold', ['one **two**', 6, 9], 'one two', 'two'],
  ['italic', ['', 0, 0], '*text*', 'text'],
  ['italic', ['**two**', 2, 5], '***two***', 'two'],
  ['code', ['a\nb', 0, 3], '```\na\nb\n```\n', ''],
  ['code', ['a b', 2, 3], 'a `b`', 'b'],
  ['link', ['two', 0, 3], '[two](https://)', 'https://'],
  ['link', ['https://a.example', 0, 17], '[text of the link](https://a.example)', 'text of the link'],
  ['quote', ['a\nb\nc', 2, 5], 'a\n> b\n> c', ''],
  ['quote', ['> b\n> c', 0, 7], 'b\nc', ''],
  ['list', ['a', 1, 1], '- a', ''],
]) {
  test(`${name} of ${JSON.stringify(before)}`, async () => {
    const { text, press, chosen } = await box(...before);
    press(name);
    assert.equal(text.value, after);
    assert.equal(chosen(), left);
  });
}

test('a picture is offered only where the site shows them', async () => {
  assert.equal((await box()).$('.is-image'), null);
  const site = server['GET site'];
  server['GET site'] = () => ({ ...site(), site: { ...site().site, images: true } });
  const { text, press } = await box('cat', 0, 3);
  press('image');
  assert.equal(text.value, '![cat](https://)');
});

test('the preview is the renderer’s, goes back, and says what went wrong', async () => {
  server['POST preview'] = (_, { body }) => ({ body: [['p', ['strong', JSON.parse(body).text]]] });
  const { $, text, press } = await box('words');
  press('preview');
  await until(() => $('div[part~=preview] strong'));
  assert.equal($('div[part~=preview]').textContent, 'words');
  assert.equal(text.hidden, true);
  press('preview');
  assert.equal(text.hidden, false);
  assert.equal(text.value, 'words');
  server['POST preview'] = () => refuse(503, 'server.busy');
  press('preview');
  await until(() => $('div[part~=preview] .error'));
  assert.match($('div[part~=preview]').textContent, /busy/);
});

test('people are offered for @ and letters, and taken by a key', async () => {
  server['GET threads/people'] = () => ({ people: [{ id: '1', name: 'Ada Moretti' }, { id: '2', name: 'Adam' }] });
  const { $, $$, text, type, key } = await box();
  type('textarea', 'mail@ad');
  type('textarea', 'Hi @ad');
  await until(() => $$('[role=option]').length === 2);
  assert.equal(text.getAttribute('aria-activedescendant'), $('[role=option]').id);
  key('ArrowDown');
  assert.equal($('[aria-selected=true]').textContent, 'Adam');
  key('ArrowUp');
  key('Enter');
  assert.equal(text.value, 'Hi @Ada Moretti ');
  assert.equal($('[role=listbox]').hidden, true);
  assert.deepEqual(seen.filter(({ path }) => path === 'threads/people').map(({ url }) => url.searchParams.get('q')), ['ad']);
  assert.equal(seen.some(({ method, path }) => `${method} ${path}` === 'POST comments'), false);
});

test('emoji by a beginning of their names, those that begin so first', () => {
  assert.equal(find('heart')[0].sign, '❤️');
  assert.ok(find('heart').some(({ sign }) => sign === '💙'));
  assert.deepEqual(find('qqq'), []);
});
