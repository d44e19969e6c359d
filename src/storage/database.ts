import { NoDatabaseError } from './errors.ts';
import type { Storage } from './handle.ts';
import type { ReplicaWatcher } from './replica.ts';

export {
  type Database,
  inTransaction,
  isTransaction,
  type Reads,
  rows,
  type Storage,
  TRANSACTION_ATTEMPTS,
  whileTransient,
} from './handle.ts';

/** Where the data is kept. */
export interface StorageOptions {
  /** A PostgreSQL; without it the embedded database is used. */
  readonly databaseUrl?: string;
  /** A streaming replica of it, for reads. */
  readonly databaseReadUrl?: string;
  readonly replicaWatcher?: ReplicaWatcher;
  /** Folder of the embedded database; `memory:` keeps nothing. */
  readonly dataDir: string;
  /** Whether a folder without a database is refused, instead of getting one. */
  readonly mustExist?: boolean;
  /** Most connections to PostgreSQL at a time. */
  readonly poolSize?: number;
  /** How long a search may take, in milliseconds; 0 for ever. */
  readonly statementTimeoutMs?: number;
  /** Whether statements are prepared on PostgreSQL under names. */
  readonly preparedStatements?: boolean;
  /** Dump from which a new embedded database begins, instead of the build's; null makes it from nothing. */
  readonly snapshot?: Blob | null;
}

/** Most connections to PostgreSQL at a time, where nothing else is asked for. */
export const DEFAULT_POOL_SIZE = 10;

/** How long a search may take where nothing else is asked for, in milliseconds. */
export const DEFAULT_STATEMENT_TIMEOUT_MS = 10_000;

/** The `dataDir` that keeps nothing. */
export const MEMORY = 'memory:';

/**
 * Opens the storage: PostgreSQL when a URL is given, else the embedded database, which only one process at a time may
 * hold. Throws a StorageOpenError when it can't. The schema is `migrate`'s business.
 */
export async function openStorage(options: StorageOptions): Promise<Storage> {
  const { poolSize = DEFAULT_POOL_SIZE, preparedStatements = true } = options;
  const statementTimeoutMs = options.statementTimeoutMs ?? DEFAULT_STATEMENT_TIMEOUT_MS;
  // By dynamic import, so that a server on PostgreSQL never loads the embedded one, nor the other way round.
  if (options.databaseUrl !== undefined) {
    const { openPostgres } = await import('./postgres.ts');
    const { databaseReadUrl: readUrl, replicaWatcher } = options;
    const how = {
      ...{ poolSize, statementTimeoutMs, preparedStatements },
      ...(readUrl === undefined ? {} : { readUrl }),
      ...(replicaWatcher ? { replicaWatcher } : {}),
    };
    return openPostgres(options.databaseUrl, how);
  }
  const { holdsDatabase, openEmbedded } = await import('./embedded.ts');
  const folder = options.dataDir === MEMORY ? undefined : options.dataDir;
  if (options.mustExist && folder !== undefined && !holdsDatabase(folder)) throw new NoDatabaseError(folder);
  return openEmbedded(folder, statementTimeoutMs, options.snapshot);
}
