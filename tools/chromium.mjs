// Unpacks the Chromium of the npm package @sparticuz/chromium, so that the browser tests need neither root nor a
// system browser. Usage: node tools/chromium.mjs FOLDER; prints {"executable", "libraries", "fonts"} as JSON, paths absolute.
import { spawn } from 'node:child_process';
import { createReadStream, createWriteStream } from 'node:fs';
import { access, chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress } from 'node:zlib';

/** @param {string} archive @param {string} folder */
async function untar(archive, folder) {
  const tar = spawn('tar', ['-x', '--no-same-owner', '-C', folder], { stdio: ['pipe', 'inherit', 'inherit'] });
  const ended = new Promise((done, fail) => {
    tar.on('error', fail);
    tar.on('close', (code) => (code === 0 ? done(undefined) : fail(new Error(`tar ended with ${code} on ${archive}`))));
  });
  await Promise.all([pipeline(createReadStream(archive), createBrotliDecompress(), tar.stdin), ended]);
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
    pipeline(createReadStream(join(folder, 'bin/chromium.br')), createBrotliDecompress(), createWriteStream(join(half, 'chromium'))),
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
