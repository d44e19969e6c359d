import type { FastifyBaseLogger } from 'fastify';

type Level = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';
type Child = (parent: FastifyBaseLogger, bindings: object, options: { readonly level?: string }) => FastifyBaseLogger;

/**
 * The logger of a request, made when there is something to log: to make one costs more than to route the request, and where
 * the level is above that of the line for each request, hardly any request logs anything.
 */
export const requestLogger: Child = (parent, bindings, options) =>
  // A route with a level of its own is not to be judged by that of the parent.
  options.level === undefined ? new RequestLogger(parent, bindings) : parent.child(bindings, options);

class RequestLogger implements FastifyBaseLogger {
  readonly #parent: FastifyBaseLogger;
  readonly #bindings: object;
  #made: FastifyBaseLogger | undefined;

  constructor(parent: FastifyBaseLogger, bindings: object) {
    this.#parent = parent;
    this.#bindings = bindings;
  }

  get level(): string {
    return this.#own.level;
  }

  set level(level: string) {
    this.#own.level = level;
  }

  trace(...line: unknown[]): void {
    this.#log('trace', line);
  }

  debug(...line: unknown[]): void {
    this.#log('debug', line);
  }

  info(...line: unknown[]): void {
    this.#log('info', line);
  }

  warn(...line: unknown[]): void {
    this.#log('warn', line);
  }

  error(...line: unknown[]): void {
    this.#log('error', line);
  }

  fatal(...line: unknown[]): void {
    this.#log('fatal', line);
  }

  silent(): void {}

  child(...given: Parameters<FastifyBaseLogger['child']>): FastifyBaseLogger {
    return this.#own.child(...given);
  }

  get #own(): FastifyBaseLogger {
    this.#made ??= this.#parent.child(this.#bindings);
    return this.#made;
  }

  #log(level: Level, line: unknown[]): void {
    // Nobody has given this one a level of its own yet, so it has its parent's.
    if (this.#made || isOn(this.#parent, level)) (this.#own[level] as (...line: unknown[]) => void)(...line);
  }
}

/** A logger that does not tell has all levels on. */
function isOn(logger: FastifyBaseLogger & { isLevelEnabled?(level: string): boolean }, level: Level): boolean {
  return logger.isLevelEnabled?.(level) ?? true;
}
