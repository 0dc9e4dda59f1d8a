// Builds static/dist from static/src: embed.js (a classic script), the chunks behind it, the languages (hashed names under
// assets/), manifest.json. Usage: node static/build.mjs [FOLDER]; without one it also writes today's sizes into
// docs/embed.md. The same sources give the same bytes.
import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build, transform } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const src = join(here, 'src');
const out = process.argv[2] ?? join(here, 'dist');
const TARGET = 'es2022';

/**
 * The chunks, the last to be wanted first, as each has the paths of those that it fetches. `after`: the chunk that is there
 * before it. `budget`: gzipped bytes. `errors`: those that come without the server's message, which is English.
 * `alone`: a script that pages name themselves.
 * @typedef {{name: string, after: string, entry: string, css?: string, as: string, budget: number, errors: RegExp, when: string, brings: string, alone?: boolean}} Chunk
 * @type {Chunk[]}
 */
const CHUNKS = [
  {
    name: 'history',
    after: 'social',
    entry: 'history/history.js',
    css: 'history/history.css',
    as: 'HISTORY_',
    budget: 1024,
    errors: /^$/,
    when: 'on intent',
    brings: 'what a comment said before; fetched when someone asks for that',
  },
  {
    name: 'flag',
    after: 'social',
    entry: 'flag/flag.js',
    css: 'flag/flag.css',
    as: 'FLAG_',
    budget: 2048,
    errors: /^$/,
    when: 'on intent',
    brings: 'a report to the moderators; fetched when someone begins one',
  },
  {
    name: 'moderate',
    after: 'social',
    entry: 'moderate/moderate.js',
    css: 'moderate/moderate.css',
    as: 'MODERATE_',
    budget: 2048,
    errors: /^(role\.|person\.)/,
    when: 'on intent',
    brings: 'decisions of owners and moderators in the comment’s menu; fetched when one of them opens it',
  },
  {
    name: 'faces',
    after: 'social',
    entry: 'faces/faces.js',
    css: 'faces/faces.css',
    as: 'FACES_',
    budget: 1536,
    errors: /^$/,
    when: 'on intent',
    brings: 'who reacted; fetched when someone presses the number',
  },
  {
    name: 'social',
    after: 'reader',
    entry: 'social/social.js',
    css: 'social/social.css',
    as: 'SOCIAL_',
    budget: 5120,
    errors: /^$/,
    when: 'on intent',
    brings: 'menus, dialogs, the tray before a reaction; fetched when someone opens a comment’s menu, asks who reacted, or reacts and is not known',
  },
  {
    name: 'known',
    after: 'reader',
    entry: 'known/known.js',
    as: 'KNOWN_',
    budget: 3072,
    errors: /^$/,
    when: 'for those who are known',
    brings: 'one’s own comments that one may change or that wait, and the proofs of bound sessions; fetched where there is a session, or with the box',
  },
  {
    name: 'count',
    after: '',
    alone: true,
    entry: 'count/count.js',
    as: 'COUNT_',
    budget: 1536,
    errors: /^$/,
    when: 'on pages that list others',
    brings: 'the numbers beside links to pages',
  },
  {
    name: 'work',
    after: 'writer',
    entry: 'work/work.js',
    as: 'WORK_',
    budget: 1024,
    errors: /^$/,
    when: 'on intent',
    brings: 'the work that guests’ browsers do in a flood of comments; fetched when the server asks for it',
  },
  {
    name: 'tools',
    after: 'writer',
    entry: 'tools/tools.js',
    css: 'tools/tools.css',
    as: 'TOOL_',
    budget: 8192,
    errors: /^$/,
    when: 'on intent',
    brings: 'formatting, preview, names and emoji as one types; fetched with the box, which works without it',
  },
  {
    name: 'signin',
    after: 'reader',
    entry: 'signin/tray.js',
    css: 'signin/signin.css',
    as: 'SIGN_',
    budget: 6144,
    errors: /^(signin\.|guest\.name_missing)/,
    when: 'on intent',
    brings: 'the tray, login windows, the list of *Change*; fetched when someone begins to write and is not known, or presses *Change*',
  },
  {
    name: 'writer',
    after: 'reader',
    entry: 'writer/writer.js',
    css: 'writer/writer.css',
    as: 'WRITE_',
    budget: 10240,
    errors: /^(comment\.empty|limit\.|subscription\.no_address)/,
    when: 'on intent',
    brings: 'the box, drafts, who speaks, answers, editing; fetched when someone turns to the box, answers or edits, or left something unfinished',
  },
  {
    name: 'live',
    after: 'reader',
    entry: 'live/live.js',
    css: 'live/live.css',
    as: 'LIVE_',
    budget: 3072,
    errors: /^$/,
    when: 'while the page stays open',
    brings: 'what others write meanwhile; fetched after some seconds, if the site has it',
  },
  {
    name: 'one',
    after: 'reader',
    entry: 'one/one.js',
    css: 'one/one.css',
    as: 'ONE_',
    budget: 2048,
    errors: /^$/,
    when: 'on intent',
    brings: 'one conversation on its own; fetched for a link to a comment that is not shown, and where nesting ends',
  },
  {
    name: 'reader',
    after: 'embed',
    entry: 'reader/reader.js',
    css: 'reader/reader.css',
    as: 'READ_',
    budget: 10240,
    errors: /^(network|server\.|session\.)/,
    when: 'arrives by itself after',
    brings: 'what one may do without writing: links to comments, badges, likes, sessions',
  },
  {
    name: 'dropin',
    after: 'embed',
    entry: 'dropin/dropin.js',
    as: 'DROP_',
    budget: 2048,
    errors: /^$/,
    when: 'on pages with the markup of another system',
    brings: 'which page the markup of Disqus, Isso, Remark42, Commento, Cusdis or giscus means',
  },
  {
    name: 'embed',
    after: '',
    alone: true,
    entry: 'embed.js',
    css: 'embed.css',
    as: '',
    budget: 8192,
    errors: /^$/,
    when: 'before comments are visible',
    brings: 'everything to the first painted comments, styles and English included',
  },
];
/** Modules that may be in several bundles: a few lines, dearer to hand over than to repeat; or of a script for other pages. */
const TWICE = ['config.js', 'i18n.js', 'signin/sha256.js'];

/** @type {Map<string, Buffer>} */
const files = new Map();
/** @type {Record<string, string>} */
const manifest = {};

/** @param {string} problem */
function fail(problem) {
  console.error(problem);
  process.exitCode = 1;
}

/** @param {string} name */
async function css(name) {
  const { code } = await transform(await readFile(join(src, name), 'utf8'), { loader: 'css', minify: true, charset: 'utf8' });
  return JSON.stringify(code.trim());
}

/** @param {Chunk} chunk @param {import('esbuild').BuildOptions} options */
const bundle = (chunk, options) =>
  build({
    entryPoints: [join(src, chunk.entry)],
    bundle: true,
    write: false,
    metafile: true,
    format: chunk.alone ? 'iife' : 'esm',
    target: TARGET,
    charset: 'utf8',
    legalComments: 'none',
    ...options,
  });

/** The modules in it. @param {Chunk} chunk */
const reach = async (chunk) => Object.keys((await bundle(chunk, {})).metafile.inputs).map((path) => relative(src, resolve(path)));

/** Those that are there when `chunk` comes. @param {Chunk} chunk @returns {Chunk[]} */
function before(chunk) {
  const found = CHUNKS.find(({ name }) => name === chunk.after);
  return found ? [...before(found), found] : [];
}

/**
 * The English words that a chunk's modules name, as "list.more" or by a beginning as in `list.heading${…}`.
 * @param {Chunk} chunk @param {string[]} modules
 */
async function named(chunk, modules) {
  const code = (await Promise.all(modules.map((module) => readFile(join(src, module), 'utf8')))).join('\n');
  const whole = new Set(Array.from(code.matchAll(/"(\w+\.[\w.]+)"/g), ([, key]) => key));
  const begun = Array.from(code.matchAll(/`(\w+\.[\w.]*)\$\{/g), ([, start]) => start).filter((start) => start !== 'error.');
  return Object.keys(english).filter((key) =>
    key.startsWith('error.') ? chunk.errors.test(key.slice(6)) : whole.has(key) || begun.some((start) => key.startsWith(start)),
  );
}

/** @type {Record<string, unknown>} */
let english = {};
/** @type {[string, string][]} */
const languages = [];
for (const file of (await readdir(join(src, 'locales'))).sort()) {
  const { embed } = JSON.parse(await readFile(join(src, 'locales', file), 'utf8'));
  if (file === 'en.json') english = embed;
  else languages.push([file.replace('.json', ''), JSON.stringify(embed)]);
}
// One hash for all of them: embed.js names it once, and not forty times.
const hash = (/** @type {string | Buffer} */ bytes) => createHash('sha256').update(bytes).digest('hex').slice(0, 12);
const locale = `assets/*-${hash(JSON.stringify(languages))}.json`;
for (const [code, words] of languages) {
  manifest[`${code}.json`] = locale.replace('*', code);
  files.set(manifest[`${code}.json`], Buffer.from(words));
}

/** @type {Map<string, {modules: string[], words: string[]}>} */
const parts = new Map();
for (const chunk of CHUNKS) {
  const modules = await reach(chunk);
  parts.set(chunk.name, { modules, words: await named(chunk, modules) });
}
/** @type {Record<string, string>} */
const define = { CW_LANGUAGES: JSON.stringify(languages.map(([code]) => code).join(' ')), CW_LOCALE: JSON.stringify(locale) };
for (const chunk of CHUNKS) {
  const there = before(chunk).flatMap(({ name }) => parts.get(name)?.words ?? []);
  const words = (parts.get(chunk.name)?.words ?? []).filter((key) => !there.includes(key));
  if (chunk.css) define[`CW_${chunk.as}CSS`] = await css(chunk.css);
  define[`CW_${chunk.as}WORDS`] = JSON.stringify(Object.fromEntries(words.map((key) => [key, english[key]])));
  // esbuild's helper behind `import * as` walks by for-in: what a page has put on Object.prototype would come along.
  const code = (await bundle(chunk, { define, minify: true })).outputFiles[0].text;
  const bytes = Buffer.from(code.replace(/for\(var ([\w$]+) in ([\w$]+)\)/g, 'for(var $1 of Object.keys($2))'));
  const path = !chunk.alone ? `assets/${chunk.name}-${hash(bytes)}.js` : `${chunk.name}.js`;
  manifest[`${chunk.name}.js`] = path;
  files.set(path, bytes);
  define[`CW_${chunk.name.toUpperCase()}`] = JSON.stringify(path);
}
files.set('manifest.json', Buffer.from(`${JSON.stringify(Object.fromEntries(Object.entries(manifest).sort()), null, 2)}\n`));

await rm(out, { recursive: true, force: true });
await mkdir(join(out, 'assets'), { recursive: true });
for (const [path, bytes] of files) await writeFile(join(out, path), bytes);

const size = (/** @type {string} */ name) => gzipSync(files.get(manifest[name]) ?? '', { level: 9 }).length;
const row = (/** @type {unknown[]} */ [name, ...figures]) => console.log(String(name).padEnd(34), ...figures.map((one) => String(one).padStart(7)));
const grouped = (/** @type {number} */ bytes) => bytes.toLocaleString('en');
row(['file', 'bytes', 'gzip', 'budget']);
for (const [name, path] of Object.entries(manifest)) {
  const budget = CHUNKS.find((chunk) => `${chunk.name}.js` === name)?.budget;
  row([path, files.get(path)?.length, size(name), budget ?? '']);
  if (budget && size(name) > budget) fail(`${path} is ${size(name) - budget} bytes over its budget.`);
}
const table = ['| gzipped bytes | today | at most | what it brings |', '|---|---|---|---|'];
for (const when of [...new Set(CHUNKS.map((chunk) => chunk.when))].reverse()) {
  const chunks = CHUNKS.filter((chunk) => chunk.when === when).reverse();
  let [has, may] = [0, 0];
  for (const { name, budget, brings: what } of chunks) {
    [has, may] = [has + size(`${name}.js`), may + budget];
    table.push(`| \`${name}.js\` | ${grouped(size(`${name}.js`))} | ${grouped(budget)} | ${what} |`);
  }
  table.push(`| **${when}** | **${grouped(has)}** | **${grouped(may)}** | |`);
  row([when, '', has, may]);
}
const largest = Math.max(0, ...languages.map(([code]) => size(`${code}.json`)));
table.push(`| another language | up to ${grouped(largest)} | | one file, fetched beside the comments |`);

const all = [...parts.values()].flatMap(({ modules }) => modules);
const shared = [...new Set(all.filter((module, at) => all.indexOf(module) !== at))];
console.log(`In several bundles: ${shared.join(', ') || 'nothing'}.`);
for (const module of shared) if (!TWICE.includes(module)) fail(`${module} is shipped twice.`);

if (!process.argv[2]) {
  const guide = join(here, '../docs/embed.md');
  const text = await readFile(guide, 'utf8');
  const [start, end] = ['<!-- sizes: written by npm run build -->\n', '<!-- /sizes -->'];
  await writeFile(guide, text.replace(new RegExp(`${start}[^]*?${end}`), () => `${start}${table.join('\n')}\n${end}`));
}
