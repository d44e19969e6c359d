import { type DestinationStream, type Logger, pino, stdSerializers } from 'pino';

const REDACTED = ['authorization', 'password', 'token', 'secret', 'databaseUrl'].flatMap((name) => [
  name,
  `*.${name}`,
  `*.*.${name}`,
]);

/** The log: a JSON object a line, without secrets. */
export function createLogger(level: string, destination: DestinationStream): Logger {
  return pino({ level, redact: REDACTED, serializers: { err: serializedError } }, destination);
}

/** An error without the values of the statement that failed: they are personal data and hashes. */
function serializedError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { type, message, stack, code, constraint } = stdSerializers.errWithCause(error) as unknown as Record<
    string,
    unknown
  >;
  const cause = error.cause === undefined ? undefined : serializedError(error.cause);
  return { type, message: withoutValues(message), stack: withoutValues(stack), code, constraint, cause };
}

// Drizzle appends a line "params: …" to the statement in its message, and so to the stack; values may hold line breaks.
function withoutValues(text: unknown): unknown {
  return typeof text === 'string' ? text.replace(/\nparams: [\s\S]*?(?=\n {4}at |$)/, '\nparams: …') : text;
}
