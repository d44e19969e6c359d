import { drizzle } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import { boundedClient, CANCEL_GRACE_MS, WRITE_PATIENCE, wasCancelled } from './bounded-client.ts';
import { copyStatement, END_REFUSED, isCopy } from './copy-in.ts';
import { failureCode, hasEndedConnection, isNotPermitted, rootMessage, StorageOpenError } from './errors.ts';
import { type Database, type Send, sendBy } from './handle.ts';
import { namingClient, StatementNames } from './named-statements.ts';
import { takeTurns } from './searched.ts';
import { Statement } from './statement.ts';
import * as tables from './tables.ts';
import { createTurns, type TurnLimits } from './turns.ts';

/** Oldest PostgreSQL that is supported, as `server_version_num` has it. */
export const MIN_SERVER_VERSION = 150_000;
/** How long a request waits for a connection, whether it has to be made or all of the pool are lent out. */
export const CONNECT_TIMEOUT_MS = 10_000;
/** A connection that is idle for so long is asked whether it still is one. */
const KEEP_ALIVE_MS = 10_000;
/**
 * A connection that is idle for so long is closed. The driver's own ten seconds would be over between two requests, and
 * PostgreSQL has a new process for each new one, which has to touch first what it works on; measured in docs/performance.md.
 */
export const IDLE_MS = 5 * 60 * 1000;
/** What a pooler answers to settings of the session that it does not pass on. */
const PROTOCOL_VIOLATION = '08P01';
/** How connections to PostgreSQL are used. */
export interface PostgresOptions {
  /** Most connections at a time. */
  readonly poolSize: number;
  /** How long a search may take; 0 for ever. */
  readonly statementTimeoutMs: number;
  /** Whether statements are prepared under names. */
  readonly preparedStatements: boolean;
}

/** The database behind a pool: each transaction has a connection of its own, and long searches take turns. */
export function databaseOn(pool: pg.Pool, { poolSize, statementTimeoutMs }: PostgresOptions): Database {
  const db = drizzle({ client: pool, schema: tables });
  sendBy(db, sendingBy(pool));
  returnConnections(db, pool);
  if (statementTimeoutMs > 0) takeTurns(db, createTurns(scansAtOnce(poolSize, statementTimeoutMs)));
  return db;
}

/**
 * Searches without an index have half of the connections, and those of one tenant half of that: what is looked up goes on
 * whatever they do, and so do other tenants' searches.
 */
function scansAtOnce(poolSize: number, waitMs: number): TurnLimits {
  const atOnce = Math.max(1, Math.floor(poolSize / 2));
  return { atOnce, perTenant: Math.max(1, Math.floor(atOnce / 2)), waitMs };
}

/** A pool that has connected once, to a server that is new enough. */
export async function openPool(url: string, options: PostgresOptions): Promise<pg.Pool> {
  const settings = sessionSettings(options.statementTimeoutMs);
  try {
    return await connected(poolOf(connectionOf(url, settings), options));
  } catch (error) {
    // A pooler of transactions refuses settings of the session. What bounds statements from this side is left.
    if (failureCode(error) === PROTOCOL_VIOLATION) {
      return await connected(poolOf(connectionOf(url), options)).catch(refuse);
    }
    return refuse(error);
  }
}

function refuse(error: unknown): never {
  throw error instanceof StorageOpenError ? error : refusal(error);
}

function poolOf(connection: pg.ClientConfig, { poolSize, statementTimeoutMs, preparedStatements }: PostgresOptions) {
  const Client = preparedStatements ? namingClient(new StatementNames()) : pg.Client;
  const pool = new pg.Pool({
    ...connection,
    max: poolSize,
    idleTimeoutMillis: IDLE_MS,
    Client: boundedClient(Client, statementTimeoutMs),
  });
  // A connection that breaks is replaced by the pool at the next query. Unheard, its error would end the process: the
  // pool hears it while the connection is idle, and nobody while it is lent out and between two statements.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  // The pool looks after this event whether the connection is ending.
  pool.on('release', (_error, client) => {
    if (wasCancelled(client)) void client.end();
  });
  return pool;
}

async function connected(pool: pg.Pool): Promise<pg.Pool> {
  try {
    await checkVersion(pool);
    return pool;
  } catch (error) {
    await pool.end();
    throw error;
  }
}

/**
 * What the server itself bounds, for the case that nobody is left on this side: statements, waiting for a lock, and
 * transactions that nothing comes in. They are told as the connection begins, and so cost no statement. Nor does it compile
 * statements: these read a page or count, which takes less time.
 */
function sessionSettings(searchMs: number): string {
  if (searchMs === 0) return '-c jit=off';
  const longest = searchMs * WRITE_PATIENCE;
  return (
    `-c jit=off -c statement_timeout=${longest + CANCEL_GRACE_MS} -c lock_timeout=${searchMs} ` +
    `-c idle_in_transaction_session_timeout=${longest}`
  );
}

/**
 * Sends statements, each on a connection that is free. The pool's own way closes a connection whose statement was refused,
 * such as for a name that is taken, and with it all that was prepared there.
 */
function sendingBy(pool: pg.Pool): Send {
  return <T>(text: string, parameters: readonly unknown[]) =>
    new Promise<T[]>((resolve, reject) => {
      pool.connect((error, client, release) => {
        if (error || !client) return reject(error);
        const byItself = isCopy(text);
        return carryOut<T>(client, statementOf<T>(text, parameters, byItself), (failure, rows = []) => {
          if (!failure) {
            release();
            return resolve(rows);
          }
          // A connection that is broken, or was cancelled on, the pool closes by itself.
          const giveBack = (broken?: unknown) => {
            release(hasEndedConnection(failure) || Boolean(broken));
            reject(failure);
          };
          if (byItself) carryOut(client, new Statement(END_REFUSED, []), giveBack);
          else giveBack();
        });
      });
    });
}

/** Sends statements by one connection. */
function sending(client: pg.PoolClient): Send {
  return <T>(text: string, parameters: readonly unknown[]) =>
    new Promise<T[]>((resolve, reject) => {
      carryOut<T>(client, statementOf<T>(text, parameters, false), (failure, rows = []) => {
        if (failure) reject(failure);
        else resolve(rows);
      });
    });
}

type Ended<T> = NonNullable<Statement<T>['callback']>;

function statementOf<T>(text: string, parameters: readonly unknown[], byItself: boolean): Statement<T> {
  return isCopy(text) ? copyStatement<T>(text, parameters, byItself) : new Statement<T>(text, parameters);
}

function carryOut<T>(client: pg.PoolClient, statement: Statement<T>, ended: Ended<T>): void {
  // By its declaration pg gives a statement of this kind back; what is given to it besides hears how it ended.
  const sender = client as unknown as { query(statement: Statement<T>, values: undefined, callback: Ended<T>): void };
  sender.query(statement, undefined, ended);
}

/**
 * Gives a transaction's connection back to the pool whatever becomes of it. The library's own way keeps it for good when
 * it breaks at the very `begin`, and after a few of these the pool would have none left.
 */
function returnConnections(db: Database, pool: pg.Pool): void {
  const lent = new WeakMap<pg.PoolClient, Database>();
  db.transaction = async (work, config) => {
    const client = await pool.connect();
    let ended = false;
    try {
      const onClient = lent.get(client) ?? drizzle({ client, schema: tables });
      lent.set(client, onClient);
      const send = sending(client);
      return await onClient.transaction((tx) => work(sentBy(tx, send)), config);
    } catch (error) {
      ended = hasEndedConnection(error);
      throw error;
    } finally {
      client.release(ended);
    }
  };
}

/** The transaction with its statements sent so, and those of the transactions in it, which are on the same connection. */
function sentBy<T extends Database>(tx: T, send: Send): T {
  sendBy(tx, send);
  const transaction = tx.transaction.bind(tx);
  tx.transaction = (work, config) => transaction((inner) => work(sentBy(inner, send)), config);
  return tx;
}

/** How to connect to the address; throws what is wrong with it. */
export function connectionOf(url: string, settings?: string): pg.ClientConfig {
  if (!/^postgres(ql)?:\/\//.test(url) || !URL.canParse(url)) {
    throw new StorageOpenError(
      'DATABASE_URL is not the address of a PostgreSQL. Write postgres://USER:PASSWORD@HOST:PORT/DATABASE, and special ' +
        'characters of the password percent-encoded.',
    );
  }
  const given = new URL(url);
  const asked = given.searchParams.get('options');
  // The driver would take those of the URL instead of ours; with both, the later ones win, which are the operator's.
  if (settings !== undefined && asked !== null) given.searchParams.set('options', `${settings} ${asked}`);
  return {
    connectionString: asked === null ? url : given.href,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
    application_name: 'rollcall',
    ...(settings === undefined || asked !== null ? {} : { options: settings }),
  };
}

async function checkVersion(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ number: number; shown: string }>(
    "select current_setting('server_version_num')::int as number, current_setting('server_version') as shown",
  );
  const version = rows[0];
  if (!version || version.number < MIN_SERVER_VERSION) {
    throw new StorageOpenError(`PostgreSQL 15 or newer is needed; the server has ${version?.shown ?? 'none'}.`);
  }
}

/** What is wrong, in one line that says what to check; the URL may hold a password and is not in it. */
export function refusal(error: unknown): StorageOpenError {
  if (isNotPermitted(error)) {
    return new StorageOpenError(
      `PostgreSQL does not let the role of DATABASE_URL in (${rootMessage(error)}). Make it the owner of the database.`,
      error,
    );
  }
  const code = failureCode(error);
  switch (code) {
    case '28P01':
    case '28000':
      return new StorageOpenError('PostgreSQL refused the user or the password of DATABASE_URL.', error);
    case '3D000':
      return new StorageOpenError('The database of DATABASE_URL does not exist. Create it first.', error);
    case '53300':
      return new StorageOpenError('PostgreSQL has no connection left. Raise its max_connections.', error);
    default:
      return new StorageOpenError(
        `No PostgreSQL can be reached at DATABASE_URL (${code ?? 'no answer in time'}). ` +
          'Check host and port, that the server runs, and its TLS settings.',
        error,
      );
  }
}
