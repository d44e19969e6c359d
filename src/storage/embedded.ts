import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { PGlite, types } from '@electric-sql/pglite';
import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/pglite';
import { migrate } from 'drizzle-orm/pglite/migrator';
import { StorageOpenError } from './errors.ts';
import type { Storage } from './handle.ts';
import { type Lock, takeLock } from './lock.ts';
import * as tables from './tables.ts';

/** Writes after which statistics are gathered for the first time. */
const FIRST_ANALYZE_AFTER = 16;
// Texts are ours, and hold no values.
const WRITES = /\b(?:insert into|delete from|update [a-z_]+ (?:[a-z]+ )?set)\b/i;

/** Folder of the engine's own files, below the one that the settings name. */
const DATABASE = 'database';

/** Whether the folder holds an embedded database. */
export function holdsDatabase(folder: string): boolean {
  return existsSync(path.join(folder, DATABASE, 'PG_VERSION'));
}

/** Opens the embedded database in the folder, or in memory when there is none. */
export async function openEmbedded(folder: string | undefined, snapshot?: Blob): Promise<Storage> {
  const lock = folder === undefined ? undefined : lockFolder(folder);
  try {
    const pglite = await PGlite.create({
      dataDir: folder === undefined ? 'memory://' : path.join(folder, DATABASE),
      // As text, like the other driver: by itself this one gives a number or a BigInt, by size.
      parsers: { [types.INT8]: (value: string) => value },
      ...(snapshot ? { loadDataDir: snapshot } : {}),
    });
    keepStatistics(pglite);
    const db = drizzle({ client: pglite, schema: tables });
    return {
      db,
      kind: 'embedded',
      ping: async () => {
        await db.execute(sql`select 1`);
      },
      applyMigrations: async (migrationsFolder) => {
        await migrate(db, { migrationsFolder });
        await pglite.exec('analyze');
      },
      close: async () => {
        try {
          if (!pglite.closed) await pglite.close();
        } finally {
          lock?.release();
        }
      },
    };
  } catch (error) {
    lock?.release();
    throw new StorageOpenError(
      `The embedded database ${folder === undefined ? 'in memory' : `in ${folder}`} can't be opened. ` +
        'Check that the folder is writable and holds a database of this version.',
      error,
    );
  }
}

/**
 * Gathers statistics whenever the number of transactions, and of statements that write without one, has doubled. The embedded engine has no autovacuum, and without
 * statistics the plan of an ordinary filter takes a hundred times as long.
 */
function keepStatistics(pglite: PGlite): void {
  const transaction = pglite.transaction.bind(pglite);
  const query = pglite.query.bind(pglite);
  let done = 0;
  let next = FIRST_ANALYZE_AFTER;
  const count = async () => {
    if (++done < next) return;
    next *= 2;
    await pglite.exec('analyze');
  };
  pglite.transaction = async (work) => {
    const result = await transaction(work);
    await count();
    return result;
  };
  pglite.query = async <T>(...given: Parameters<PGlite['query']>) => {
    const result = await query<T>(...given);
    if (WRITES.test(given[0])) await count();
    return result;
  };
}

/** Makes the folder and those around it that are missing. One by one: Node's `recursive` never ends below /proc. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(path.dirname(folder));
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    // Another process was quicker.
    if (!existsSync(folder)) throw error;
  }
}

function lockFolder(folder: string): Lock {
  try {
    // The database's own files are readable for everybody, so the folders must not be.
    makeFolder(path.resolve(folder, DATABASE));
  } catch (error) {
    throw new StorageOpenError(`The folder ${folder} can't be created. Check DATA_DIR and its permissions.`, error);
  }
  return takeLock(path.join(folder, 'rollcall.lock'));
}
