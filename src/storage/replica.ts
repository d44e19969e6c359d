import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import type pg from 'pg';
import { isTransient, isUnavailable, OverloadedError, StorageOpenError } from './errors.ts';
import { type Database, type Reads, rows } from './handle.ts';
import { databaseOn, openPool, type PostgresOptions } from './postgres-pool.ts';

/** How long a read waits for a replica to catch up before it goes to the primary. */
export const REPLICA_WAIT_MS = 50;
/** How long a replica that was behind or did not answer is left alone. */
export const REPLICA_REST_MS = 1000;
/** How long a replica may say nothing at all before reads go to the primary, until it says something. */
export const REPLICA_ANSWER_MS = 500;
const FIRST_LOOK_MS = 1;
const LATE = Symbol('late');

/** A replica that reads may be sent to. */
export interface Replica {
  readonly reads: Reads;
  close(): Promise<void>;
}

/** Is told when reads no longer go to the replica, and why, and when they do again, without a cause. */
export type ReplicaWatcher = (cause: unknown) => void;

/** A place in the log of the primary, in bytes; what was committed before it lies below it. */
type Place = bigint;

const NOWHERE: Place = -1n;

/**
 * The replica at the address. A read begins by asking the primary how far its log is, which takes no look at any table, and
 * reads from the replica when that has replayed so much. So whatever any process had written and answered before the read
 * came is in what it reads; nothing has to be remembered of who wrote what where. Reads that come while the question is
 * under way share the next one, so that the primary hears one question at a time from each process.
 *
 * The replica need not be there: reads then go to the primary. Another database at the address is refused.
 */
export async function openReplica(
  url: string,
  primary: Database,
  options: PostgresOptions,
  watcher: ReplicaWatcher = () => {},
): Promise<Replica> {
  let opened: Promise<{ db: Database; pool: pg.Pool }> | undefined;
  let replayed = NOWHERE;
  let restsUntil = 0;
  let isLost = false;
  let isSilent = false;
  let answeredAt = Number.NEGATIVE_INFINITY;
  const flushed = shared(() => placeOf(primary, FLUSHED));
  const look = shared(async (): Promise<Place> => placeOf((await open()).db, REPLAYED));

  function open(): Promise<{ db: Database; pool: pg.Pool }> {
    opened ??= openPool(url, options).then(async (pool) => {
      // A replica that was started anew may show less than before, for a moment.
      pool.on('connect', lookAgain).on('remove', lookAgain);
      const db = databaseOn(pool, options);
      if ((await systemOf(db)) === (await systemOf(primary))) return { db, pool };
      await pool.end();
      throw new NoReplicaError();
    });
    return opened;
  }

  function lookAgain(): void {
    replayed = NOWHERE;
  }

  function rest(): void {
    restsUntil = performance.now() + REPLICA_REST_MS;
    // Another server may answer at the address when it is asked again.
    lookAgain();
  }

  /** The replica, once it has all that was written when this was asked; undefined when that takes too long. */
  async function caughtUp(): Promise<Database | undefined> {
    if (isSilent || performance.now() < restsUntil) return undefined;
    const place = await flushed();
    const until = performance.now() + REPLICA_WAIT_MS;
    // It is asked now and then though nothing was written, since a read that is sent there can't be taken back.
    const isOld = performance.now() - answeredAt > REPLICA_REST_MS;
    for (let pause = FIRST_LOOK_MS; isOld || replayed < place; pause *= 2) {
      const seen = await inTime(look());
      if (seen === undefined) return undefined;
      answeredAt = performance.now();
      if (seen === NOWHERE) tell(new Error('The server at DATABASE_READ_URL replays no log: it is no replica.'));
      if (seen > replayed) replayed = seen;
      if (replayed >= place) break;
      if (performance.now() + pause > until) {
        rest();
        return undefined;
      }
      await wait(pause);
    }
    // It has answered, so it is open.
    return (await open()).db;
  }

  /** What the replica answers; undefined when it says nothing for so long. Until it does, nobody else waits for it. */
  async function inTime<T>(answer: Promise<T>): Promise<T | undefined> {
    const answered = new AbortController();
    // An answer that has come while this process was busy is taken first.
    const late = wait(REPLICA_ANSWER_MS, undefined, { signal: answered.signal }).then(
      () => turn(LATE),
      () => LATE,
    );
    const first = await Promise.race([answer, late]).finally(() => answered.abort());
    if (first !== LATE) return first as T;
    if (!isSilent) {
      isSilent = true;
      tell(new Error('The replica does not answer.'));
      void answer.then(lookAgain, forget).finally(() => {
        isSilent = false;
      });
    }
    return undefined;
  }

  /** Leaves the replica alone for a while; one that could not be opened is tried anew then. */
  async function forget(cause: unknown): Promise<void> {
    tell(cause);
    rest();
    if (opened && !(await succeeds(opened))) opened = undefined;
  }

  /** Tells of what has changed, and nothing of what goes on. */
  function tell(cause?: unknown): void {
    const isNew = isLost !== (cause !== undefined);
    isLost = cause !== undefined;
    if (isNew) watcher(cause);
  }

  await open().catch(async (error: unknown) => {
    if (error instanceof NoReplicaError) throw error;
    await forget(error);
  });
  return {
    reads: async (work) => {
      try {
        const db = await caughtUp();
        if (db) {
          const found = await work(db);
          tell();
          return found;
        }
      } catch (error) {
        if (!isReplicasFault(error)) throw error;
        await forget(error);
      }
      return work(primary);
    },
    close: async () => {
      if (opened && (await succeeds(opened))) await (await opened).pool.end();
    },
  };
}

/** The address leads to something else. */
class NoReplicaError extends StorageOpenError {
  constructor() {
    super('DATABASE_READ_URL leads to another database than a replica of DATABASE_URL.');
  }
}

/** Whether the primary may do what the replica did not: it is out of reach, or takes a read back to go on replaying. */
function isReplicasFault(error: unknown): boolean {
  if (error instanceof OverloadedError) return false;
  return isUnavailable(error) || isTransient(error) || error instanceof StorageOpenError;
}

function succeeds(promise: Promise<unknown>): Promise<boolean> {
  return promise.then(
    () => true,
    () => false,
  );
}

/** What the primary has made safe. Without waiting for that a commit counts as soon as it is in the log. */
const FLUSHED = sql`select pg_wal_lsn_diff(
  case when current_setting('synchronous_commit') = 'off' then pg_current_wal_insert_lsn() else pg_current_wal_flush_lsn() end,
  '0/0')::text as place`;

/** What the replica shows; null where it is none, or no longer. */
const REPLAYED = sql`select case when pg_is_in_recovery() then pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0')::text end as place`;

async function placeOf(db: Database, query: typeof FLUSHED): Promise<Place> {
  const [found] = await rows<{ place: string | null }>(db, query);
  return found?.place == null ? NOWHERE : BigInt(found.place);
}

/** What primary and replicas have alike, and no two others: the databases of one cluster differ by their numbers. */
async function systemOf(db: Database): Promise<string | undefined> {
  const [found] = await rows<{ id: string }>(
    db,
    sql`select system_identifier::text || '/' || d.oid as id from pg_control_system(), pg_database d
      where d.datname = current_database()`,
  );
  return found?.id;
}

/**
 * Asks one question at a time: whoever comes while one is under way shares the next. So each gets an answer to a question
 * that was asked after it came.
 */
function shared<T>(ask: () => Promise<T>): () => Promise<T> {
  let underWay: Promise<unknown> = Promise.resolve();
  let next: Promise<T> | undefined;
  return () => {
    next ??= underWay.then(() => {
      next = undefined;
      const asked = ask();
      underWay = asked.catch(() => undefined);
      return asked;
    });
    return next;
  };
}
