import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { openPage } from './page.js';

openPage();
const store = await import('../../static/src/reader/store.js');
const { drafts: make } = await import('../../static/src/writer/drafts.js');
const drafts = (ask, base, site, page) => {
  const shelf = `draft|${base}|${site}|${page}`;
  return make({ ask, store, shelf, kept: () => store.read(shelf) || {} });
};
const failure = (code, status) => Object.assign(new Error(code), { code, status });

/** Boxes whose server gives these answers in turn. @param {any[]} answers */
function boxes(...answers) {
  /** @type {any[]} */
  const seen = [];
  const call = async (path, options) => {
    seen.push({ path, ...options });
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { seen, ...drafts(call, 'https://c.example/', 'blog', 'https://blog.example/') };
}
const say = (box, text) => box.send('root', `u ${text}`, 'POST', 'comments', () => ({ text, at: Math.random() }), 'token');

beforeEach(() => localStorage.clear());

test('each box keeps its own, and a page its own', () => {
  const box = boxes();
  box.put('root', { text: 'a', open: true });
  box.put('reply:1', { text: 'b', open: true });
  assert.equal(boxes().get('root').text, 'a');
  assert.equal(boxes().get('reply:1').text, 'b');
  assert.deepEqual(drafts(async () => {}, 'https://c.example/', 'blog', 'https://blog.example/2').all(), {});
  box.put('root', null);
  assert.deepEqual(boxes().get('root'), {});
});

for (const lost of [failure('network', 0), failure('server.error', 500), failure('server.busy', 503)]) {
  test(`after ${lost.message} the same request goes out again, also after a reload`, async () => {
    const box = boxes(lost, lost);
    await assert.rejects(say(box, 'hello'), lost);
    await assert.rejects(say(box, 'hello'), lost);
    const again = boxes({ ok: true });
    assert.deepEqual(await say(again, 'hello'), { ok: true });
    const sent = [...box.seen, ...again.seen];
    assert.equal(new Set(sent.map((one) => one.key)).size, 1);
    assert.equal(new Set(sent.map((one) => JSON.stringify(one.body))).size, 1);
    assert.match(sent[0].key, /^[\w-]{16,64}$/);
    assert.deepEqual(again.get('root'), {}, 'what has arrived is no draft');
  });
}

test('changed text is another request', async () => {
  const box = boxes(failure('network', 0), { ok: true });
  await assert.rejects(say(box, 'hello'));
  await say(box, 'hello!');
  assert.notEqual(box.seen[0].key, box.seen[1].key);
});

test('a refusal is an answer: the text stays, the next press is another request', async () => {
  const box = boxes(failure('comment.too_long', 422), { ok: true });
  box.put('root', { text: 'hello', open: true });
  await assert.rejects(say(box, 'hello'));
  assert.equal(box.get('root').text, 'hello');
  await say(box, 'hello');
  assert.notEqual(box.seen[0].key, box.seen[1].key);
});

test('what nobody touched for a month is forgotten', () => {
  const name = 'cw:draft|https://c.example/|blog|https://blog.example/';
  localStorage.setItem(name, JSON.stringify({ old: { text: 'x', at: Date.now() - 31 * 86_400_000 }, new: { text: 'y', at: Date.now() - 86_400_000 } }));
  boxes().put('root', { text: 'z' });
  assert.deepEqual(Object.keys(boxes().all()).sort(), ['new', 'root']);
});
