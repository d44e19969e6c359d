import { connect } from 'node:net';
import type pg from 'pg';
import { isSearch } from './search-marks.ts';
import { Statement } from './statement.ts';

/** How many times as long as a search any other statement may take: it may write what a client sent in one message. */
export const WRITE_PATIENCE = 6;
/** How long a statement that was cancelled may stay unanswered before its connection is given up. */
export const CANCEL_GRACE_MS = 2000;

/** Code of the message that asks a server to cancel what it does on another connection. */
const CANCEL_REQUEST = 80_877_102;
const CANCEL_LENGTH = 16;

/** What pg keeps of a connection and its declaration leaves out. */
interface Connected {
  readonly processID: number | null;
  readonly secretKey: number | null;
  readonly host: string;
  readonly port: number;
  readonly connection: { readonly stream: { destroy(): void } };
}

type Callback = (...answer: unknown[]) => void;
type Query = (statement: unknown, values?: unknown, callback?: Callback) => unknown;

const cancelled = new WeakSet<object>();

/**
 * Whether a statement on the connection was cancelled. It must not be lent again: the server may carry out the cancellation
 * late, on the statement after.
 */
export function wasCancelled(client: object): boolean {
  return cancelled.has(client);
}

/**
 * A kind of client that bounds each statement: it is cancelled after so many milliseconds, and where nothing comes back then
 * either, the connection is given up. It is done from this side because a setting of the session would not survive a pooler
 * of transactions, nor one of the server a network that loses what it is told. With 0 nothing is bounded.
 */
export function boundedClient(Base: typeof pg.Client, searchMs: number): typeof pg.Client {
  if (searchMs === 0) return Base;
  class BoundedClient extends Base {}
  const query = Base.prototype.query as unknown as Query;
  const bounded: Query = function (this: pg.Client, statement, values, callback) {
    const text = textOf(statement);
    // Such as a stream of rows: whoever reads it decides how long it takes.
    if (text === undefined) return query.call(this, statement, values, callback);
    const done = bound(this as unknown as Connected, isSearch(text) ? searchMs : searchMs * WRITE_PATIENCE);
    if (callback) {
      return query.call(this, statement, values, (...answer) => {
        done();
        callback(...answer);
      });
    }
    const result = query.call(this, statement, values, callback) as Promise<unknown>;
    void result.then(done, done);
    return result;
  };
  BoundedClient.prototype.query = bounded as unknown as typeof BoundedClient.prototype.query;
  return BoundedClient;
}

function textOf(statement: unknown): string | undefined {
  if (typeof statement === 'string') return statement;
  if (statement instanceof Statement) return statement.text;
  const { text, submit } = statement as { text?: unknown; submit?: unknown };
  return typeof text === 'string' && submit === undefined ? text : undefined;
}

/** Bounds what is sent on the connection next; the function that it gives says that the answer has come. */
function bound(client: Connected, ms: number): () => void {
  let timer = setTimeout(() => {
    cancelled.add(client);
    cancel(client);
    timer = setTimeout(() => client.connection.stream.destroy(), CANCEL_GRACE_MS);
  }, ms);
  return () => clearTimeout(timer);
}

/**
 * Asks the server to cancel what it does on the connection. In the clear, as PostgreSQL's own library did up to its version
 * 17: the request holds nothing but a key that is good for this alone. Where it is refused, the connection is given up.
 */
function cancel({ processID, secretKey, host, port }: Connected): void {
  if (processID === null || secretKey === null) return;
  const request = Buffer.alloc(CANCEL_LENGTH);
  for (const [index, word] of [CANCEL_LENGTH, CANCEL_REQUEST, processID, secretKey].entries()) {
    request.writeInt32BE(word, index * 4);
  }
  const socket = host.startsWith('/') ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host);
  socket.setTimeout(CANCEL_GRACE_MS, () => socket.destroy());
  socket.on('error', () => {});
  // Left open: whoever receives it closes it when it is carried out, and a pooler drops it when it is closed before.
  socket.write(request);
}
