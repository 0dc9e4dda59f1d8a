import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { test } from 'node:test';
import { language, translator } from '../../static/src/i18n.js';
import { errors } from '../../static/src/reader/request.js';

const folder = new URL('../../static/src/locales/', import.meta.url);
const files = Object.fromEntries(
  await Promise.all((await readdir(folder)).map(async (file) => [file.replace('.json', ''), JSON.parse(await readFile(new URL(file, folder), 'utf8'))])),
);
const locales = Object.fromEntries(Object.entries(files).map(([code, file]) => [code, file.embed]));
const english = locales.en;
/** @param {unknown} word */
const forms = (word) => (typeof word === 'string' ? [word] : Object.values(word));
/** @param {string} text */
const holes = (text) => (text.match(/\{\w+\}/g) ?? []).sort().join();
/** Numbers up to a thousand by the plural they take. @param {string} code */
function numbers(code) {
  const rules = new Intl.PluralRules(code);
  /** @type {Record<string, number[]>} */
  const found = {};
  for (let n = 0; n <= 1000; n++) (found[rules.select(n)] ??= []).push(n);
  // What only millions or fractions take is `other` here.
  return { found, categories: [...new Set([...Object.keys(found), 'other'])] };
}

for (const [code, file] of Object.entries(files)) {
  const { found, categories } = numbers(code);
  for (const part of ['embed', 'server', 'mail']) {
    const words = file[part] ?? {};
    const model = files.en[part];

    test(`${code}: ${part} has the same keys as English, and nothing empty`, () => {
      assert.deepEqual(Object.keys(words).sort(), Object.keys(model).sort());
      for (const [key, word] of Object.entries(words)) for (const form of forms(word)) assert.ok(form.trim() && form === form.trim(), key);
    });

    test(`${code}: ${part} has values where English has them, and plurals where English has them`, () => {
      for (const [key, word] of Object.entries(words)) {
        assert.equal(typeof word, typeof model[key], key);
        const wanted = holes(forms(model[key]).at(-1));
        if (typeof word === 'string') {
          assert.equal(holes(word), wanted, key);
          continue;
        }
        // A form that speaks of one number alone may say it in a word.
        for (const [category, form] of Object.entries(word)) {
          const bare = wanted.split(',').filter((hole) => hole !== '{n}').join();
          const alone = found[category]?.length === 1;
          assert.ok(holes(form) === wanted || (alone && holes(form) === bare), `${key}.${category}: ${form}`);
        }
      }
    });

    test(`${code}: ${part} has just the plural forms of the language`, () => {
      for (const [key, word] of Object.entries(words)) if (typeof word !== 'string') assert.deepEqual(Object.keys(word).sort(), [...categories].sort(), key);
    });
  }

  test(`${code}: every number finds its words`, () => {
    const t = translator(code, file.embed, english);
    for (const key of Object.keys(file.embed).filter((name) => typeof file.embed[name] === 'object'))
      for (const n of [0, 1, 2, 5, 11, 21, 100, 1_000_000]) assert.doesNotMatch(t(key, { n, title: 'x', name: 'y', limit: 1 }), /list\.|write\.|[{}]/);
  });
}

test('responses are counted as people count', () => {
  const en = translator('en', {}, english);
  const it = translator('it', locales.it, english);
  assert.equal(en('list.heading', { n: 1, title: 'A' }), '1 response to «A»');
  assert.equal(en('list.heading', { n: 2, title: 'A' }), '2 responses to «A»');
  assert.equal(it('list.heading', { n: 1, title: 'A' }), '1 risposta a «A»');
  assert.equal(it('list.heading', { n: 2, title: 'A' }), '2 risposte a «A»');
  assert.equal(it('list.heading', { n: 1_000_000, title: 'A' }), '1.000.000 risposte a «A»');
  assert.equal(en('list.heading.untitled', { n: 12_345 }), '12,345 responses');
});

test('a value is put in as it is, also one that looks like a place', () => {
  const t = translator('en', {}, english);
  assert.equal(t('list.heading', { n: 2, title: '{n} $& {title}' }), '2 responses to «{n} $& {title}»');
  assert.deepEqual(t.rich('list.reply_to', { name: 'Ada' }), ['Reply to ', 'Ada', '']);
});

test('what a language lacks is English, what nobody has is its key', () => {
  const t = translator('it', { 'list.reply': 'Rispondi' }, english);
  assert.equal(t('list.reply'), 'Rispondi');
  assert.equal(t('list.retry'), 'Try again');
  assert.equal(t('no.such.key'), 'no.such.key');
  t.add({ 'no.such.key': 'brought later' });
  assert.equal(t('no.such.key'), 'brought later');
});

test('an error speaks by its code, else as the server said', () => {
  const error = errors(translator('it', locales.it, english));
  assert.equal(error({ code: 'comment.too_long', message: 'x', details: { limit: 10_000 } }), 'Il commento è troppo lungo: al massimo 10.000 caratteri.');
  assert.equal(error({ code: 'some.new_code', message: 'Words of the server.' }), 'Words of the server.');
  assert.equal(error(new TypeError('x')), locales.it['list.failed']);
});

const SPOKEN = 'he id it nb pt-BR zh-Hans zh-Hant';
for (const [wishes, tag, code] of /** @type {[(string | null)[], string, string][]} */ ([
  [['it', 'en'], 'it', 'it'],
  [['it-CH', 'en'], 'it-CH', 'it'],
  [['IT_it', null], 'it-IT', 'it'],
  [[null, '', 'it'], 'it', 'it'],
  [['auto', 'it'], 'it', 'it'],
  [['fr', 'it'], 'it', 'it'],
  [['fr', 'de'], 'en', 'en'],
  [['en-GB', 'it'], 'en-GB', 'en'],
  [['not a tag!', 'it'], 'it', 'it'],
  [['constructor', '__proto__'], 'en', 'en'],
  [[], 'en', 'en'],
  [['zh'], 'zh', 'zh-Hans'],
  [['zh-CN'], 'zh-CN', 'zh-Hans'],
  [['zh-TW'], 'zh-TW', 'zh-Hant'],
  [['zh_HK'], 'zh-HK', 'zh-Hant'],
  [['zh-Hant'], 'zh-Hant', 'zh-Hant'],
  [['zh-Hans-HK'], 'zh-Hans-HK', 'zh-Hans'],
  [['pt'], 'pt', 'pt-BR'],
  [['pt-PT'], 'pt-PT', 'pt-BR'],
  [['no'], 'no', 'nb'],
  [['nn-NO'], 'nn-NO', 'nb'],
  [['iw'], 'he', 'he'],
  [['in-ID'], 'id-ID', 'id'],
])) {
  test(`of ${JSON.stringify(wishes)} it speaks ${tag} from ${code}.json`, () => assert.deepEqual(language(wishes, SPOKEN), { tag, code }));
}

test('where no other language is spoken it is English', () => assert.deepEqual(language(['it', 'en-US'], ''), { tag: 'en-US', code: 'en' }));
