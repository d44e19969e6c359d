/** What the log keeps of an error. */
export interface LoggableError {
  readonly type: string;
  readonly message: string;
  readonly code?: string;
  readonly stack: readonly string[];
  readonly cause?: LoggableError;
}

/** Most causes behind an error that are followed. */
const MAX_CAUSES = 5;

/**
 * What may be logged of an error. Errors of database drivers carry the parameters of their query, in properties and after
 * `params:` in the message: documents and hashes, which must not reach the log.
 */
export function loggable(error: unknown, depth = 0): LoggableError {
  if (!(error instanceof Error)) return { type: typeof error, message: 'What was thrown is no Error.', stack: [] };
  const { code } = error as { code?: unknown };
  return {
    type: error.name,
    message: error.message.split('\nparams:')[0] ?? '',
    ...(typeof code === 'string' ? { code } : {}),
    // Frames only: the stack begins with the message.
    stack: (error.stack ?? '').split('\n').flatMap((line) => (/^ {4}at /.test(line) ? [line.trim()] : [])),
    ...(error.cause !== undefined && depth < MAX_CAUSES ? { cause: loggable(error.cause, depth + 1) } : {}),
  };
}
