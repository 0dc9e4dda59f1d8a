process.env.TZ = 'UTC';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clock } from '../../static/src/time.js';

const NOW = Date.parse('2026-11-23T12:00:00Z');
for (const [time, en, it] of [
  ['2026-11-23T12:00:00Z', 'now', 'ora'],
  ['2026-11-23T12:05:00Z', 'now', 'ora'],
  ['2026-11-23T11:59:00Z', '1 minute ago', '1 minuto fa'],
  ['2026-11-23T11:00:31Z', '59 minutes ago', '59 minuti fa'],
  ['2026-11-23T11:00:00Z', '1 hour ago', '1 ora fa'],
  ['2026-11-22T12:00:00Z', 'yesterday', 'ieri'],
  ['2026-11-17T12:00:00Z', '6 days ago', '6 giorni fa'],
  ['2026-11-16T11:00:00Z', 'November 16, 2026 at 11:00 AM', '16 novembre 2026 alle ore 11:00'],
  ['2011-04-02T20:00:00Z', 'April 2, 2011 at 8:00 PM', '2 aprile 2011 alle ore 20:00'],
]) {
  test(`${time}: ${en}`, () => {
    assert.equal(clock('en')(time, NOW), en);
    assert.equal(clock('it')(time, NOW), it);
  });
}

test('what is no time is nothing, and throws nothing', () => {
  for (const time of ['', 'yesterday', '2026-13-45T99:00:00Z', /** @type {any} */ (undefined)]) assert.equal(clock('en')(time), '');
});
