import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { MemoryFS, PGlite, type Results, types } from '@electric-sql/pglite';
import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/pglite';
import { migrate } from 'drizzle-orm/pglite/migrator';
import { fromBlobs, isCopy } from './copy-in.ts';
import { CancelledError, StorageOpenError } from './errors.ts';
import { type Database, rows, type Storage } from './handle.ts';
import { type Lock, takeLock } from './lock.ts';
import { unpacked, writeFiles } from './packed-files.ts';
import { checkScans } from './searched.ts';
import { readSnapshot } from './snapshot.ts';
import { START_PARAMETERS } from './start-parameters.ts';
import { EMBEDDED_STATISTICS } from './statistics.ts';
import * as tables from './tables.ts';
import { UnpackedMemory } from './unpacked-memory.ts';

/**
 * How much of a function of the engine is run, in bytes, before V8 compiles it anew to run faster. By itself it does so
 * after 1.8 million, with most that a start calls: that takes a second of processor time, which the first requests wait for.
 */
const TIERING_BUDGET = 50_000_000;
/** Writes after which statistics are gathered for the first time. */
const FIRST_ANALYZE_AFTER = 16;
// Texts are ours, and hold no values.
const WRITES = /\b(?:insert into|delete from|update [a-z_]+ (?:[a-z]+ )?set)\b/i;

/** What a millisecond of this engine is worth in the units of its planner; measured, see docs/scaling.md. */
export const COST_PER_MS = 100;

/** Longest that a search may keep everybody else waiting, by that estimate. */
export const LONGEST_SCAN_MS = 2000;

/** Folder of the engine's own files, below the one that the settings name. */
const DATABASE = 'database';

/** Stands beside it while it is made, so that what an interrupted start left isn't taken for a database. */
const UNFINISHED = 'database.unfinished';

/** Whether the folder holds an embedded database. */
export function holdsDatabase(folder: string): boolean {
  return existsSync(path.join(folder, DATABASE, 'PG_VERSION')) && !existsSync(path.join(folder, UNFINISHED));
}

/** Opens the embedded database in the folder, or in memory when there is none. */
export async function openEmbedded(
  folder: string | undefined,
  statementTimeoutMs: number,
  snapshot?: Blob | null,
): Promise<Storage> {
  const lock = folder === undefined ? undefined : lockFolder(folder);
  try {
    const pglite = await openEngine(folder, snapshot);
    carryOutCopies(pglite);
    keepStatistics(pglite);
    const db = drizzle({ client: pglite, schema: tables });
    if (statementTimeoutMs > 0) refuseDearScans(db, Math.min(statementTimeoutMs, LONGEST_SCAN_MS));
    return {
      db,
      kind: 'embedded',
      ping: async () => {
        await db.execute(sql`select 1`);
      },
      applyMigrations: async (migrationsFolder) => {
        await migrate(db, { migrationsFolder });
        await pglite.exec(EMBEDDED_STATISTICS.join(';'));
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

/** Opens the engine; a new database is unpacked from the snapshot, or made by itself where that can't be. */
async function openEngine(folder: string | undefined, given: Blob | null | undefined): Promise<PGlite> {
  if (folder === undefined) return begin(undefined, given);
  if (holdsDatabase(folder)) return create(folder);
  const database = path.join(folder, DATABASE);
  const unfinished = path.join(folder, UNFINISHED);
  // What an interrupted beginning left was nobody's data yet; without it a folder that is not empty isn't ours to fill.
  if (existsSync(unfinished)) rmSync(database, { recursive: true, force: true });
  else if (existsSync(database) && readdirSync(database).length > 0)
    throw new Error(`${database} holds something else`);
  writeFileSync(unfinished, '', { mode: 0o600 });
  makeFolder(database);
  const pglite = await begin(folder, given);
  rmSync(unfinished);
  return pglite;
}

async function begin(folder: string | undefined, given: Blob | null | undefined): Promise<PGlite> {
  if (given !== undefined) return given ? unpack(folder, given) : create(folder);
  const snapshot = readSnapshot();
  if (snapshot === undefined) return create(folder);
  try {
    return await unpack(folder, snapshot);
  } catch {
    // Nothing is lost: there was no database here, under our lock, a moment ago.
    if (folder !== undefined) rmSync(path.join(folder, DATABASE), { recursive: true, force: true });
    return create(folder);
  }
}

async function unpack(folder: string | undefined, snapshot: Blob): Promise<PGlite> {
  const files = snapshot.arrayBuffer().then((bytes) => unpacked(new Uint8Array(bytes)));
  if (folder === undefined) return create(undefined, new UnpackedMemory(files));
  writeFiles(path.join(folder, DATABASE), await files);
  return create(folder);
}

function create(folder: string | undefined, memory = new MemoryFS()): Promise<PGlite> {
  // Heeded when the engine is made.
  setFlagsFromString(`--wasm-tiering-budget=${TIERING_BUDGET}`);
  return PGlite.create({
    ...(folder === undefined ? { fs: memory } : { dataDir: path.join(folder, DATABASE) }),
    startParams: START_PARAMETERS,
    // As text, like the other driver: by itself this one gives a number or a BigInt, by size.
    parsers: { [types.INT8]: (value: string) => value },
  });
}

/** Gives copies their rows in the way that this engine has for it, each table's by itself: several in one transaction. */
function carryOutCopies(pglite: PGlite): void {
  const transaction = pglite.transaction.bind(pglite);
  pglite.transaction = (work) =>
    transaction((tx) => {
      tx.query = copying(tx.query.bind(tx));
      return work(tx);
    });
  const query = copying(pglite.query.bind(pglite));
  pglite.query = (text, parameters = [], options) =>
    isCopy(text) && parameters.length > 1
      ? pglite.transaction((tx) => tx.query(text, parameters, options))
      : query(text, parameters, options);
}

/**
 * Rows as the engine asks for them. A blob of the usual kind keeps a copy and gives another, outside of the memory by which it
 * is decided when to collect garbage.
 */
class RowsBlob extends Blob {
  readonly #bytes: Buffer;

  constructor(bytes: Buffer) {
    super([]);
    this.#bytes = bytes;
  }

  override async arrayBuffer(): Promise<ArrayBuffer> {
    const { buffer, byteOffset, byteLength } = this.#bytes;
    return (buffer as ArrayBuffer).slice(byteOffset, byteOffset + byteLength);
  }
}

function copying(query: PGlite['query']): PGlite['query'] {
  return async <T>(...[text, parameters = [], options]: Parameters<PGlite['query']>) => {
    if (!isCopy(text)) return query<T>(text, parameters, options);
    let done: Results<T> = { rows: [], fields: [] };
    for (const [index, copy] of fromBlobs(text).entries()) {
      done = await query<T>(copy, [], { ...options, blob: new RowsBlob(parameters[index] as Buffer) });
    }
    return done;
  };
}

/**
 * Gathers statistics whenever the number of transactions, and of statements that write without one, has doubled. The
 * embedded engine has no autovacuum, and without statistics the plan of an ordinary filter takes a hundred times as long.
 */
function keepStatistics(pglite: PGlite): void {
  const transaction = pglite.transaction.bind(pglite);
  const query = pglite.query.bind(pglite);
  let done = 0;
  let next = FIRST_ANALYZE_AFTER;
  const count = async () => {
    if (++done < next) return;
    next *= 2;
    await pglite.exec(EMBEDDED_STATISTICS.join(';'));
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

/**
 * Refuses a search that would take longer than that by the engine's own estimate. It runs in this process and nothing can
 * stop it once it has begun, nor does anybody else get an answer meanwhile.
 */
function refuseDearScans(db: Database, ms: number): void {
  checkScans(db, async (query) => {
    const [found] = await rows<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(db, sql`explain (format json) ${query}`);
    const [explained] = found?.['QUERY PLAN'] ?? [];
    const cost = explained ? costOf(explained.Plan) : 0;
    if (cost > ms * COST_PER_MS) throw new CancelledError(`a search of the estimated cost ${cost}`);
  });
}

interface PlanNode {
  readonly 'Total Cost': number;
  readonly Plans?: readonly PlanNode[];
}

/** What the dearest part costs when it is done to its end: whether a page is full before that, nobody knows. */
function costOf(node: PlanNode): number {
  return Math.max(node['Total Cost'], ...(node.Plans ?? []).map(costOf));
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
