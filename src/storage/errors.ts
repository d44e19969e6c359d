/** The storage can't be opened. The message is one line for the operator: what is wrong and what to check. */
export class StorageOpenError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause });
    this.name = 'StorageOpenError';
  }
}

/** Another live process holds the embedded database. */
export class StorageInUseError extends StorageOpenError {}

const UNIQUE_VIOLATION = '23505';
const SERIALIZATION_FAILURE = '40001';
const DEADLOCK_DETECTED = '40P01';
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

/** The code by which PostgreSQL or the operating system names the failure, looked for through the chain of causes. */
export function failureCode(error: unknown): string | undefined {
  return databaseFailure(error)?.code;
}

// Drizzle wraps what the driver threw; both drivers put the SQLSTATE in `code` and the name in `constraint`.
function databaseFailure(error: unknown): DatabaseFailure | undefined {
  let current = error;
  for (let link = 0; link < MAX_CAUSES && typeof current === 'object' && current !== null; link++) {
    if ('code' in current && typeof current.code === 'string') {
      const constraint = 'constraint' in current ? current.constraint : undefined;
      return { code: current.code, constraint: typeof constraint === 'string' ? constraint : undefined };
    }
    current = 'cause' in current ? current.cause : undefined;
  }
  return undefined;
}
