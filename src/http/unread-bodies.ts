import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** How much of a body that nobody reads is taken off the wire after the answer, and for how long. */
export interface DiscardLimits {
  readonly bytes: number;
  readonly milliseconds: number;
}

/** Enough for what is sent too large by mistake; who sends more is cut off. */
export const DISCARD_LIMITS: DiscardLimits = { bytes: 64 * 1024 * 1024, milliseconds: 5000 };

/**
 * Reads on, within limits, when a request is answered before its body has arrived, as with 413 and 401. Many clients read
 * nothing until they have written everything: on a connection that is closed while they write they would find an error of
 * the network instead of the answer (RFC 9112 §9.6).
 */
export function discardUnreadBodies(app: FastifyInstance, limits: DiscardLimits = DISCARD_LIMITS): void {
  const unread = new WeakMap<Socket, IncomingMessage>();
  app.addHook('onSend', ({ raw }, _reply, payload, done) => {
    if (!raw.complete) {
      if (!unread.has(raw.socket)) closeAfter(raw.socket, () => unread.get(raw.socket));
      unread.set(raw.socket, raw);
      discard(raw, limits);
    }
    done(null, payload);
  });
}

function discard(request: IncomingMessage, { bytes, milliseconds }: DiscardLimits): void {
  const { socket } = request;
  const timer = setTimeout(() => socket.destroy(), milliseconds);
  let left = bytes;
  // What it was read through would keep all of it.
  request.unpipe();
  request.on('data', (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) socket.destroy();
  });
  // Of either event: a connection that is kept sees many requests, and none may leave anything on it.
  const over = () => {
    clearTimeout(timer);
    request.off('end', over);
    socket.off('close', over);
  };
  request.once('end', over);
  socket.once('close', over);
  request.resume();
}

/** Lets a connection that is not kept end with the request instead of with the answer; what it is sent ends at once. */
function closeAfter(socket: Socket, current: () => IncomingMessage | undefined): void {
  // Node calls this once an answer is written, on a connection that is not kept.
  const destroySoon = socket.destroySoon.bind(socket);
  socket.destroySoon = () => {
    const request = current();
    if (!request || request.complete) return destroySoon();
    socket.end();
    request.once('end', destroySoon);
  };
}
