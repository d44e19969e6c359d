/** The storage can't be opened. The message is one line for the operator: what is wrong and what to check. */
export class StorageOpenError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause });
    this.name = 'StorageOpenError';
  }
}

/** Another live process holds the embedded database. */
export class StorageInUseError extends StorageOpenError {}

/** The folder holds no embedded database. */
export class NoDatabaseError extends StorageOpenError {
  constructor(folder: string) {
    super(`There is no database in ${folder}. Check DATA_DIR.`);
  }
}

/** The role of DATABASE_URL lacks rights; `command` is what an owner runs in its place. */
export class NotPermittedError extends StorageOpenError {
  constructor(command: string, cause: unknown) {
    super(
      `The role of DATABASE_URL may not create what Rollcall needs (${rootMessage(cause)}). Make it the owner of the ` +
        `database, or run "rollcall ${command}" as the owner; docs/audit.md has the grants for a role that owns nothing.`,
      cause,
    );
  }
}

/** More is asked than can be done at a time; the code is PostgreSQL's for insufficient resources. */
export class OverloadedError extends Error {
  readonly code = '53000';
}

/** What PostgreSQL's own bound would say of a statement; thrown where the bound is another. */
export class CancelledError extends Error {
  readonly code = QUERY_CANCELED;
}

const UNIQUE_VIOLATION = '23505';
const SERIALIZATION_FAILURE = '40001';
const DEADLOCK_DETECTED = '40P01';
const QUERY_CANCELED = '57014';
const LOCK_NOT_AVAILABLE = '55P03';
const INSUFFICIENT_PRIVILEGE = '42501';
const SQLSTATE_LENGTH = 5;
// A chain of causes is a few links long; the bound is against one that loops.
const MAX_CAUSES = 10;

interface DatabaseFailure {
  readonly code: string;
  readonly constraint: string | undefined;
}

/** The name of the constraint that a write violated, or undefined when the error is another. */
export function uniqueViolation(error: unknown): string | undefined {
  const failure = databaseFailure(error);
  return failure?.code === UNIQUE_VIOLATION ? failure.constraint : undefined;
}

/** Whether the same transaction may succeed when it is run again. */
export function isTransient(error: unknown): boolean {
  const code = databaseFailure(error)?.code;
  return code === SERIALIZATION_FAILURE || code === DEADLOCK_DETECTED;
}

/** Whether a lock was waited for too long: whoever asks for nothing that another has locked is not concerned. */
export function isLocked(error: unknown): boolean {
  return databaseFailure(error)?.code === LOCK_NOT_AVAILABLE;
}

/** Does what an owner may do by `command`, and throws a NotPermittedError where the role may not. */
export async function asOwner<T>(command: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw isNotPermitted(error) ? new NotPermittedError(command, error) : error;
  }
}

/** Whether the role lacks the right to do it. */
export function isNotPermitted(error: unknown): boolean {
  return databaseFailure(error)?.code === INSUFFICIENT_PRIVILEGE;
}

/** What the innermost cause says, in one line: around it stands the statement with its values, which are not for the screen. */
export function rootMessage(error: unknown): string {
  const message = causesOf(error).at(-1)?.message ?? String(error);
  return message.split('\n')[0] ?? '';
}

/**
 * Whether a statement that was asked for by several left nothing behind for what one of them asked: the server said no to it,
 * or stopped it, or it could not be made. A connection that is lost, by whatever name, says nothing of what was stored.
 */
export function isForOneOfThem(error: unknown): boolean {
  if (isFromServer(error)) return isLocked(error) || isCancelled(error) || !isUnavailable(error);
  if (causesOf(error).some((cause) => cause instanceof RangeError)) return true;
  return failureCode(error) === undefined && !isUnavailable(error);
}

/** Whether the server has ended the connection with this: nothing is answered there any more, though it is not closed yet. */
export function hasEndedConnection(error: unknown): boolean {
  const code = failureCode(error);
  return code !== undefined && ENDING.test(code) && isFromServer(error);
}

/** Whether the statement was stopped because it took, or would take, too long. */
export function isCancelled(error: unknown): boolean {
  return databaseFailure(error)?.code === QUERY_CANCELED;
}

// Classes of SQLSTATE that say that the database, not the statement, is the matter: no connection, no access, no database,
// no resources, ended by an operator or a shutdown, failing disks.
const UNAVAILABLE_CLASSES = new Set(['08', '28', '3D', '53', '57', '58']);
// A standby that was promoted over, a transaction that nothing came in for too long, a database closed for maintenance, a
// lock that was waited for too long.
const UNAVAILABLE_STATES = new Set(['25006', '25P03', '55000', LOCK_NOT_AVAILABLE]);
const UNREACHABLE = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'EPROTO', 'ETIMEDOUT', 'ENOTCONN', 'ESHUTDOWN'],
  ...['EHOSTUNREACH', 'EHOSTDOWN', 'ENETUNREACH', 'ENETDOWN', 'ENETRESET', 'ENOBUFS', 'ENOTFOUND', 'EAI_AGAIN'],
]);
// A shutdown, an operator, a database that is dropped, or nothing that came for too long. The severity would tell it in the
// server's language.
const ENDING = /^(?:57P0[1-5]|25P03)$/;
// Node's own names of what breaks a connection.
const BROKEN = /^ERR_(?:SSL|TLS|STREAM|SOCKET)_/;
// What the driver throws without a code: connections that broke, and a pool with none to give in time.
const DRIVER_MESSAGES =
  /^(?:Connection terminated|timeout exceeded when trying to connect|Client (?:has encountered a connection error|was closed) and is not queryable)/;

/** Whether the database is out of reach or overtaxed, so that nothing can be done until it is well again. */
export function isUnavailable(error: unknown): boolean {
  const code = databaseFailure(error)?.code;
  if (code === undefined) return causesOf(error).some(({ message }) => DRIVER_MESSAGES.test(message));
  if (UNREACHABLE.has(code) || UNAVAILABLE_STATES.has(code) || BROKEN.test(code)) return true;
  return code.length === SQLSTATE_LENGTH && UNAVAILABLE_CLASSES.has(code.slice(0, 2));
}

/** The code by which PostgreSQL or the operating system names the failure, looked for through the chain of causes. */
export function failureCode(error: unknown): string | undefined {
  return databaseFailure(error)?.code;
}

// Drizzle wraps what the driver threw; both drivers put the SQLSTATE in `code` and the name in `constraint`.
function databaseFailure(error: unknown): DatabaseFailure | undefined {
  for (const cause of causesOf(error)) {
    if ('code' in cause && typeof cause.code === 'string') {
      const constraint = 'constraint' in cause ? cause.constraint : undefined;
      return { code: cause.code, constraint: typeof constraint === 'string' ? constraint : undefined };
    }
  }
  return undefined;
}

/** Each error that a server sends has a severity, and nothing else has. */
function isFromServer(error: unknown): boolean {
  return causesOf(error).some((cause) => 'severity' in cause && typeof cause.severity === 'string');
}

function causesOf(error: unknown): Error[] {
  const causes: Error[] = [];
  for (let current = error; current instanceof Error && causes.length < MAX_CAUSES; current = current.cause) {
    causes.push(current);
  }
  return causes;
}
