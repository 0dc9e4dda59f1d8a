/** What owners and moderators decide in a comment's menu. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MEMBER, dots, known, opened, rows } from './menus.js';
import { until } from './page.js';
import { json, one, refuse, seen, server, thread } from './stage.js';

/** A menu of a moderator, with all that they are offered. */
async function deciding(token, id = 'a') {
  known({ ...MEMBER, token });
  server['GET session'] = () => ({ user: MEMBER.user, site: 'blog', expires: MEMBER.expires, role: 'moderator' });
  const stage = await opened(id);
  await until(() => rows(stage.$$).includes('Delete'));
  const press = (words) => stage.$$('[role=menu] > *').find((row) => row.textContent === words).click();
  return { ...stage, press };
}
const decided = () => seen.filter(({ path }) => path.endsWith('/moderation')).map(({ path, body }) => [path, body]);

test('moderators decide in the menu: each comment by whose it is', async () => {
  server['GET threads'] = () => thread([one('a'), one('b', { parent: 'a' }), one('mine', { author: MEMBER.user }), one('owner', { author: { id: 'o', name: 'Olga', role: 'owner' } })]);
  const { $, $$ } = await deciding('decides');
  assert.deepEqual(rows($$).slice(3), ['Pin to the top', 'Approve as it stands', 'Mark as spam', 'Delete', 'Ban Ada…']);
  for (const [id, there] of [['b', ['Approve as it stands', 'Mark as spam', 'Delete', 'Ban Ada…']], ['mine', ['Pin to the top', 'Delete']], ['owner', ['Pin to the top', 'Approve as it stands', 'Mark as spam', 'Delete']]]) {
    dots($, id).click();
    await until(() => rows($$).at(-1) === there.at(-1) && rows($$).slice(-there.length).join() === there.join(), id);
  }
});

test('spam goes, with the way back in its place', async () => {
  server['GET threads'] = () => thread([one('z'), one('a', { edited: '2012-01-01T00:00:00Z' }), one('b')]);
  server['POST comments/a/moderation'] = ({}, body) => json(200, { decided: 'a', before: 'published', state: 'x', thread: { count: 2, version: 9 }, ...(body?.act === 'restore' && { state: 'published' }) });
  const { $, $$, el, press } = await deciding('calls it spam');
  press('Mark as spam');
  const undo = await until(() => $('[part=decided] .undo'));
  assert.equal($('#comment-a'), null);
  assert.equal(el.shadowRoot.activeElement, undo);
  assert.equal($('[role=status].unseen').textContent, 'This comment is marked as spam.');
  assert.deepEqual($$('.list > li').map((item) => item.id), ['comment-z', '', 'comment-b']);
  server['POST comments/a/moderation'] = () => refuse(403, 'role.missing');
  undo.click();
  await until(() => /cannot do this/.test($('[part=decided] .error').textContent));
  server['POST comments/a/moderation'] = () => json(200, { decided: 'a', before: 'spam', state: 'published', thread: { count: 3, version: 10 } });
  undo.click();
  await until(() => $('#comment-a'));
  assert.deepEqual($$('.list > li').map((item) => item.id), ['comment-z', 'comment-a', 'comment-b']);
  assert.equal(el.shadowRoot.activeElement, $('#comment-a'));
  assert.deepEqual(decided().map(([, body]) => body), [{ act: 'spam', version: '2012-01-01T00:00:00Z' }, { act: 'restore' }, { act: 'restore' }]);
});

test('what was answered keeps its place when it is deleted', async () => {
  server['GET threads'] = () => thread([one('a'), one('b', { parent: 'a' })]);
  server['POST comments/a/moderation'] = () => json(200, { decided: 'a', before: 'published', state: 'deleted', thread: { count: 1, version: 9 } });
  const { $, press } = await deciding('deletes');
  press('Delete');
  await until(() => $('#comment-a [part=decided] .undo'));
  assert.equal($('#comment-a').dataset.state, 'deleted');
  assert.ok($('#comment-b'));
  server['POST comments/a/moderation'] = () => json(200, { decided: 'a', before: 'deleted', state: 'published', thread: { count: 2, version: 10 } });
  $('[part=decided] .undo').click();
  await until(() => $('#comment-a').dataset.state === 'published');
  assert.equal($('[part=decided]'), null);
});

test('what stands is approved as it was seen, and a refusal is told at the comment', async () => {
  server['POST comments/a/moderation'] = () => refuse(409, 'comment.changed');
  const { $, press } = await deciding('approves');
  press('Approve as it stands');
  await until(() => /was changed meanwhile/.test($('#comment-a > article > .error')?.textContent || ''));
  server['POST comments/a/moderation'] = () => json(200, { decided: 'a', before: 'published', state: 'published', thread: { count: 1, version: 9 } });
  dots($).click();
  await until(() => $('[role=menu]')?.textContent.includes('Approve as it stands'));
  press('Approve as it stands');
  await until(() => /^Approved as it stands/.test($('[role=status].unseen').textContent));
  assert.deepEqual(decided().at(-1), ['comments/a/moderation', { act: 'approve', version: '2011-04-02T20:00:00Z' }]);
});

test('a ban has a length, and its way back', async () => {
  server['POST people/ada/moderation'] = () => refuse(403, 'person.protected');
  const { $, $$, el, press } = await deciding('bans');
  press('Ban Ada…');
  await until(() => $('dialog .terms'));
  assert.equal($('dialog h3').textContent, 'Ban Ada from this site');
  assert.equal(el.shadowRoot.activeElement, $('dialog .cancel'));
  assert.deepEqual($$('dialog .terms button').map((term) => term.textContent), ['For 1 day', 'For 7 days', 'For 30 days', 'For good']);
  $$('dialog .terms button')[0].click();
  await until(() => /cannot decide about this person/.test($('dialog').textContent));
  server['POST people/ada/moderation'] = () => json(200, { person: 'ada', stands: 'banned', until: null });
  $$('dialog .terms button')[3].click();
  await until(() => $('dialog [part=decided] .undo'));
  assert.match($('dialog').textContent, /Ada is banned from this site/);
  $('dialog [part=decided] .undo').click();
  await until(() => !$('dialog'));
  assert.equal($('[role=status].unseen').textContent, 'Ada is not banned any more.');
  assert.deepEqual(decided().map(([, body]) => body), [{ act: 'ban', days: 1 }, { act: 'ban' }, { act: 'pardon' }]);
});
