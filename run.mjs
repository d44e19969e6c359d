// Runs the command line in a checkout: from the build, which starts several times as fast as the sources, made again
// first when a source is newer.
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('.', import.meta.url));
const BUILT = path.join(ROOT, 'dist', 'cli.js');
const INPUTS = ['build.mjs', 'package-lock.json', 'src'];

if (INPUTS.every((name) => newest(path.join(ROOT, name)) <= changed(BUILT)) || (await built())) {
  await import(BUILT);
} else {
  const { register } = await import('tsx/esm/api');
  register();
  await import('./src/cli.ts');
}

/** Builds; false where that can't be, such as in a folder that is read-only. */
async function built() {
  try {
    const { bundle } = await import('./build.mjs');
    await bundle();
    return true;
  } catch {
    return false;
  }
}

function newest(file) {
  const { mtimeMs } = statSync(file);
  if (!statSync(file).isDirectory()) return mtimeMs;
  return readdirSync(file).reduce((latest, name) => Math.max(latest, newest(path.join(file, name))), mtimeMs);
}

function changed(file) {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
