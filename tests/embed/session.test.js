import assert from 'node:assert/strict';
import { setMaxListeners } from 'node:events';
import { beforeEach, test } from 'node:test';
import { openPage } from './page.js';

openPage();
const { sessions } = await import('../../static/src/reader/session.js');
const BASE = 'https://comments.example/';
const life = new AbortController().signal;
setMaxListeners(0, life);
const LATER = '2100-01-01T00:00:00Z';
/** @param {string} id @param {string} [token] */
const held = (id, token = `t-${id}`) => ({ token, expires: LATER, user: { id, name: id.toUpperCase() } });

beforeEach(() => localStorage.clear());

test('what is added speaks; another can be chosen; what is forgotten is gone', () => {
  const heard = [];
  const mine = sessions(BASE, 'blog', (user) => heard.push(user?.id), life);
  assert.equal(mine.current(), null);
  mine.add(held('a'));
  mine.add(held('b'));
  assert.equal(mine.current()?.user.id, 'b');
  mine.use('a');
  assert.equal(mine.current()?.token, 't-a');
  assert.deepEqual(mine.list().map((one) => one.user.id), ['a', 'b']);
  mine.forget('t-a');
  assert.equal(mine.current(), null);
  assert.deepEqual(mine.list().map((one) => one.user.id), ['b']);
  assert.deepEqual(heard, ['a', 'b', 'a', undefined]);
});

test('a site and a server have their own', () => {
  const blog = sessions(BASE, 'blog', () => {}, life);
  blog.add(held('a'));
  assert.equal(sessions(BASE, 'shop', () => {}, life).current(), null);
  assert.equal(sessions('https://other.example/', 'blog', () => {}, life).current(), null);
  assert.equal(sessions(BASE, 'blog', () => {}, life).current()?.user.id, 'a');
});

test('two widgets of a page hear of each other, and a closed one no more', () => {
  const heard = [];
  const end = new AbortController();
  sessions(BASE, 'blog', (user) => heard.push(user?.id), end.signal);
  const other = sessions(BASE, 'blog', () => {}, life);
  other.add(held('a'));
  end.abort();
  other.forget('t-a');
  assert.deepEqual(heard, ['a']);
});

test('another tab is followed', () => {
  const heard = [];
  const mine = sessions(BASE, 'blog', (user) => heard.push(user?.id), life);
  const key = `cw:session|${BASE}|blog`;
  localStorage.setItem(key, JSON.stringify({ current: 'a', held: { a: held('a') } }));
  window.dispatchEvent(new StorageEvent('storage', { key }));
  window.dispatchEvent(new StorageEvent('storage', { key: 'something else' }));
  assert.equal(mine.current()?.user.id, 'a');
  localStorage.clear();
  window.dispatchEvent(new StorageEvent('storage', { key: null }));
  assert.deepEqual(heard, ['a', undefined]);
});

test('the same user twice: the older secret is handed back', () => {
  const mine = sessions(BASE, 'blog', () => {}, life);
  assert.equal(mine.add(held('a', 'one')), undefined);
  assert.equal(mine.add(held('a', 'two'))?.token, 'one');
  assert.equal(mine.list().length, 1);
});

test('what has expired or is no session is not held', () => {
  const key = `cw:session|${BASE}|blog`;
  for (const kept of [{ current: 'a', held: { a: { ...held('a'), expires: '2001-01-01T00:00:00Z' } } }, { current: 'a', held: { a: { token: 'x' } } }, { current: 'a', held: [] }, { current: 'constructor', held: {} }, 'text', 7, []]) {
    localStorage.setItem(key, JSON.stringify(kept));
    assert.equal(sessions(BASE, 'blog', () => {}, life).current(), null);
  }
  localStorage.setItem(key, 'no json');
  assert.equal(sessions(BASE, 'blog', () => {}, life).current(), null);
});
