// Loaded into Playwright's driver (NODE_OPTIONS=--require …) for a Firefox that does not know all commands of WebDriver
// BiDi yet: what only dresses a page up (colour scheme, screen) is answered as done instead of failing the whole context.
const Module = require('node:module');

const COSMETIC = ['emulation.setMediaFeaturesOverride', 'emulation.setScreenSettingsOverride', 'emulation.setScreenOrientationOverride'];
const compile = Module.prototype._compile;

Module.prototype._compile = function (content, filename) {
  if (filename.endsWith('coreBundle.js'))
    for (const name of COSMETIC) content = content.replaceAll(`.send("${name}",`, `._notSent?.("${name}",`);
  return compile.call(this, content, filename);
};
