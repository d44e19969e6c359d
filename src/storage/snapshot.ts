import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { drizzle } from 'drizzle-orm/pglite';
import { migrate } from 'drizzle-orm/pglite/migrator';
import { PACKAGE_ROOT } from '../package-root.ts';
import { MIGRATIONS_FOLDER } from './migrate.ts';
import { packFolder } from './packed-files.ts';
import { START_PARAMETERS } from './start-parameters.ts';

/** Where the build puts it: whoever could change it there could change the program itself. */
const FOLDER = path.join(PACKAGE_ROOT, 'dist');
const PREFIX = 'embedded-';
const SUFFIX = '.gz';
const DIGITS = 16;

/**
 * The snapshot that the build made: an embedded database, empty and with its schema up to date, so that a start needn't
 * make one in seconds. Undefined where there is none for these migrations and this engine.
 */
export function readSnapshot(): Blob | undefined {
  try {
    return new Blob([readFileSync(path.join(FOLDER, snapshotName()))]);
  } catch {
    return undefined;
  }
}

/** The name of the file, by what a snapshot depends on: the engine's version, and the migrations. */
export function snapshotName(migrations: string = MIGRATIONS_FOLDER): string {
  const hash = createHash('sha256').update(engineVersion());
  const names = readdirSync(migrations).filter((name) => name.endsWith('.sql'));
  for (const name of names.toSorted()) hash.update(`\n${name}\n`).update(readFileSync(path.join(migrations, name)));
  return `${PREFIX}${hash.digest('hex').slice(0, DIGITS)}${SUFFIX}`;
}

/** Whether a file of that name is a snapshot, of whatever version. */
export function isSnapshotName(name: string): boolean {
  return name.startsWith(PREFIX) && name.endsWith(SUFFIX);
}

/**
 * Makes a snapshot. It is small, because every start unpacks it, and of an engine that was ended in order: one that was not
 * goes through its log before it answers.
 */
export async function makeSnapshot(): Promise<Uint8Array> {
  const folder = mkdtempSync(path.join(tmpdir(), 'rollcall-snapshot-'));
  try {
    await makeDatabase(folder);
    return packFolder(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function makeDatabase(folder: string): Promise<void> {
  const pglite = await PGlite.create({
    dataDir: folder,
    // Segments of the log that are not needed any more are kept for later by default.
    startParams: [...START_PARAMETERS, '-c', 'wal_recycle=off'],
    // And are as large as this even when they are empty: by default 16 MB each.
    initDbStartParams: ['--wal-segsize=1'],
  });
  try {
    // Only `create database` copies them, and there is one database.
    await pglite.exec(
      "update pg_database set datistemplate = false, datallowconn = true where datname like 'template_'",
    );
    await pglite.exec('drop database template0');
    await pglite.exec('drop database template1');
    await migrate(drizzle(pglite), { migrationsFolder: MIGRATIONS_FOLDER });
    await pglite.exec('vacuum analyze');
    await pglite.exec('checkpoint');
  } finally {
    await pglite.close();
  }
}

function engineVersion(): string {
  // Its package.json is none of its exports, but lies above them.
  const entry = createRequire(import.meta.url).resolve('@electric-sql/pglite');
  const { version } = JSON.parse(readFileSync(path.join(path.dirname(entry), '..', 'package.json'), 'utf8')) as {
    version: string;
  };
  return version;
}
