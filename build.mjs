// Builds dist/: the program in a few files, because Node spends more of a start on finding and reading a thousand modules
// than on all the rest, and the snapshot from which embedded databases begin.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('.', import.meta.url));
const DIST = path.join(ROOT, 'dist');

/** Bundles the sources; throws where the compiler is not installed, or finds a mistake. */
export async function bundle() {
  const esbuild = await import('esbuild');
  const { outputFiles } = await esbuild.build({
    absWorkingDir: ROOT,
    entryPoints: ['src/cli.ts', 'src/make-snapshot.ts'],
    outdir: DIST,
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    // Names stay, for stack traces in the log.
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'linked',
    // They read files that lie beside their own; pg asks for the other and does without.
    external: ['@electric-sql/pglite', '@node-rs/argon2', 'pg-native'],
    // What is bundled from CommonJS modules still asks for Node's own by `require`.
    banner: {
      js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
    },
    write: false,
    logLevel: 'silent',
  });
  mkdirSync(DIST, { recursive: true });
  // A process that starts meanwhile must not read half a file, nor the program before its parts are there.
  const last = path.join(DIST, 'cli.js');
  const ordered = outputFiles.toSorted((a, b) => Number(a.path === last) - Number(b.path === last));
  for (const { path: file, contents } of ordered) {
    const unfinished = `${file}.${process.pid}`;
    writeFileSync(unfinished, contents, { mode: file === last ? 0o755 : 0o644 });
    renameSync(unfinished, file);
  }
  const made = new Set(outputFiles.map((file) => path.basename(file.path)));
  for (const name of readdirSync(DIST)) {
    if (/\.js(\.LEGAL\.txt)?$/.test(name) && !made.has(name)) rmSync(path.join(DIST, name), { force: true });
  }
}

/** Makes the snapshot, unless there is the right one. */
export function snapshot() {
  execFileSync(process.execPath, [path.join(DIST, 'make-snapshot.js')], { stdio: 'inherit' });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  // npm runs this after an installation too (`prepare`), which may be one without sources or compiler: then there is
  // nothing to build, or nothing to build with.
  const optional = process.argv.includes('--if-possible');
  const possible = existsSync(path.join(ROOT, 'src', 'cli.ts')) && (await canImport('esbuild'));
  if (possible || !optional) {
    await bundle();
    try {
      snapshot();
    } catch (error) {
      // Without it embedded databases begin more slowly, but they do.
      if (!optional) throw error;
    }
  }
}

async function canImport(name) {
  try {
    await import(name);
    return true;
  } catch {
    return false;
  }
}
