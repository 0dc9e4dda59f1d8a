// Builds static/dist from static/src: embed.js (a classic script), the chunks of composer and sign-in, the languages
// (hashed names under assets/), and manifest.json. Usage: node static/build.mjs [FOLDER]. The same sources give the same bytes.
import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build, transform } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const src = join(here, 'src');
const out = process.argv[2] ?? join(here, 'dist');
/** Gzipped bytes. embed.js brings everything to the first painted comments in English. */
export const BUDGETS = { 'embed.js': 8192, 'writer.js': 10240, 'signin.js': 6144 };
const TARGET = 'es2022';
/** What English has to bring, chunk by chunk; of the errors only those that come without the server's message, which is English. */
const WORDS = {
  embed: /^list\.(?!sort|pinned|owner|moderator|collapse|expand|continue|whole|one|missing|menu|copy|copied|hid|unhide|history|version|close|gone|show_)/,
  writer: /^(write\.|sign\.(as|as_via|via|account|logout|change|no_tray|finishing|welcome|left|ended|first|close|close_words)$|error\.(network|server\.|session\.|comment\.empty))/,
  signin: /^(sign\.|error\.(signin\.|guest\.name_missing))/,
};

/** @param {string} name */
async function css(name) {
  const { code } = await transform(await readFile(join(src, name), 'utf8'), { loader: 'css', minify: true, charset: 'utf8' });
  return JSON.stringify(code.trim());
}

/** @param {string} entry @param {'iife' | 'esm'} format @param {Record<string, string>} define */
async function bundle(entry, format, define) {
  const built = await build({
    entryPoints: [join(src, entry)],
    bundle: true,
    minify: true,
    write: false,
    format,
    target: TARGET,
    charset: 'utf8',
    legalComments: 'none',
    define,
  });
  return Buffer.from(built.outputFiles[0].contents);
}

/** @param {Record<string, unknown>} words @param {RegExp} wanted @param {RegExp} [unwanted] those that an earlier chunk brings */
const only = (words, wanted, unwanted = /^$/) =>
  JSON.stringify(Object.fromEntries(Object.entries(words).filter(([key]) => wanted.test(key) && !unwanted.test(key))));

/** @type {Map<string, Buffer>} */
const files = new Map();
/** @type {Record<string, string>} */
const manifest = {};

/** @param {string} name @param {Buffer} bytes */
function asset(name, bytes) {
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 12);
  const path = `assets/${name.replace('.', `-${hash}.`)}`;
  manifest[name] = path;
  files.set(path, bytes);
  return path;
}

/** @type {Record<string, string>} */
const locales = {};
let english = {};
for (const file of (await readdir(join(src, 'locales'))).sort()) {
  const { embed } = JSON.parse(await readFile(join(src, 'locales', file), 'utf8'));
  if (file === 'en.json') english = embed;
  else locales[file.replace('.json', '')] = asset(file, Buffer.from(JSON.stringify(embed)));
}

const signin = asset(
  'signin.js',
  await bundle('tray.js', 'esm', { CW_SIGN_CSS: await css('sign.css'), CW_SIGN_WORDS: only(english, WORDS.signin, WORDS.writer) }),
);
const writer = asset(
  'writer.js',
  await bundle('writer.js', 'esm', {
    CW_WRITE_CSS: await css('write.css'),
    CW_WRITE_WORDS: only(english, WORDS.writer),
    CW_SIGNIN: JSON.stringify(signin),
  }),
);
files.set(
  'embed.js',
  await bundle('embed.js', 'iife', {
    CW_CSS: await css('embed.css'),
    CW_WORDS: only(english, WORDS.embed),
    CW_LOCALES: JSON.stringify(locales),
    CW_WRITER: JSON.stringify(writer),
  }),
);
manifest['embed.js'] = 'embed.js';
files.set('manifest.json', Buffer.from(`${JSON.stringify(Object.fromEntries(Object.entries(manifest).sort()), null, 2)}\n`));

await rm(out, { recursive: true, force: true });
await mkdir(join(out, 'assets'), { recursive: true });
for (const [path, bytes] of files) await writeFile(join(out, path), bytes);

console.log('file'.padEnd(34), 'bytes'.padStart(7), 'gzip'.padStart(7), 'budget'.padStart(7));
for (const [path, bytes] of files) {
  const name = Object.keys(manifest).find((key) => manifest[key] === path) ?? path;
  const size = gzipSync(bytes, { level: 9 }).length;
  const budget = BUDGETS[/** @type {keyof typeof BUDGETS} */ (name)];
  console.log(path.padEnd(34), String(bytes.length).padStart(7), String(size).padStart(7), String(budget ?? '').padStart(7));
  if (budget && size > budget) {
    console.error(`${path} is ${size - budget} bytes over its budget.`);
    process.exitCode = 1;
  }
}
