// Unpacks the Chromium of the npm package @sparticuz/chromium, so that the browser tests need neither root nor a
// system browser. Usage: node tools/chromium.mjs FOLDER; prints {"executable", "libraries", "fonts"} as JSON, paths absolute.
import { execFile } from 'node:child_process';
import { createReadStream, createWriteStream } from 'node:fs';
import { access, chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { createBrotliDecompress } from 'node:zlib';

/** @param {string} from a brotli file @param {string} to */
const inflate = (from, to) => pipeline(createReadStream(from), createBrotliDecompress(), createWriteStream(to));

/**
 * By way of a file: tar hangs up at the archive's end mark, and a pipe with padding left in it would then break.
 * @param {string} archive
 * @param {string} folder
 */
async function untar(archive, folder) {
  const file = join(folder, `${basename(archive)}.plain`);
  await inflate(archive, file);
  await promisify(execFile)('tar', ['-x', '--no-same-owner', '-C', folder, '-f', file]);
  await rm(file);
}

/** The package's folder, found through its entry file: its `exports` do not offer package.json. */
async function packageFolder() {
  for (let at = dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')); ; at = dirname(at)) {
    const found = await readFile(join(at, 'package.json'), 'utf8').then(JSON.parse, () => ({}));
    if (found.name === '@sparticuz/chromium') return { folder: at, version: found.version };
    if (at === dirname(at)) throw new Error('@sparticuz/chromium: its package.json was not found');
  }
}

const cache = resolve(process.argv[2] ?? '.cache/chromium');
const { folder, version } = await packageFolder();
const home = join(cache, version);
const there = await access(home).then(() => true, () => false);
if (!there) {
  // Unpacked beside and renamed at the end: a run that was cut off leaves nothing that looks finished.
  const half = `${home}.${process.pid}`;
  await mkdir(half, { recursive: true });
  await Promise.all([
    inflate(join(folder, 'bin/chromium.br'), join(half, 'chromium')),
    ...['fonts', 'swiftshader', 'al2023'].map((name) => untar(join(folder, `bin/${name}.tar.br`), half)),
  ]);
  // The package's own fonts.conf looks in folders of a machine that is not this one.
  await writeFile(
    join(half, 'fonts.conf'),
    `<?xml version="1.0"?><fontconfig><dir>${join(home, 'fonts')}</dir><cachedir>${join(home, 'font-cache')}</cachedir></fontconfig>\n`,
  );
  await chmod(join(half, 'chromium'), 0o755);
  await rename(half, home).catch(async (error) => {
    await rm(half, { recursive: true });
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error; // another run was first
  });
}
console.log(JSON.stringify({ executable: join(home, 'chromium'), libraries: join(home, 'lib'), fonts: join(home, 'fonts.conf') }));
