import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { identified, SCIM_MEDIA_TYPE, sendScim } from './reply.ts';

/** How long a client may take no part of an answer that is ready; then its connection is closed. */
export const STALLED_READER_MS = 60_000;

/** What is answered of a resource in parts. */
export interface AnsweredInParts {
  readonly etag: string;
  readonly location: string;
  readonly parts: AsyncIterable<string>;
}

/** Answers with the text of a SCIM message, which may come in parts. */
export function sendText(
  request: FastifyRequest,
  reply: FastifyReply,
  text: string | AsyncIterable<string>,
): FastifyReply | Promise<FastifyReply> {
  return typeof text === 'string' ? sendScim(reply, text) : sendParts(request, reply, text, STALLED_READER_MS);
}

/** Answers with a resource in parts. */
export function sendInParts(
  request: FastifyRequest,
  reply: FastifyReply,
  resource: AnsweredInParts,
  stalledMs: number = STALLED_READER_MS,
): Promise<FastifyReply> {
  return sendParts(request, reply, resource.parts, stalledMs, resource);
}

/**
 * Answers with parts, each of which is read when the one before it is on its way. A failure before the first part is answered
 * as such; after it the connection is broken off, so that nobody takes what has arrived for the whole.
 */
async function sendParts(
  request: FastifyRequest,
  reply: FastifyReply,
  text: AsyncIterable<string>,
  stalledMs: number,
  resource?: AnsweredInParts,
): Promise<FastifyReply> {
  const send = (stream: Readable) =>
    (resource ? identified(reply, resource) : reply).header('content-type', SCIM_MEDIA_TYPE).send(stream);
  // Of HEAD the parts would be thrown away; its answer may leave out the length (RFC 9110 §9.3.2).
  if (request.method === 'HEAD') return send(Readable.from([]));
  const parts = text[Symbol.asyncIterator]();
  const first = await parts.next();
  const stream: Readable = Readable.from(inTime(first, parts, stalledMs, stalled), { objectMode: false });
  function stalled(): void {
    stream.destroy(new Error(`The client took nothing of the answer for ${stalledMs / 1000} seconds.`));
  }
  return send(stream);
}

/** The parts, as long as each is taken in time. */
async function* inTime(
  first: IteratorResult<string>,
  rest: AsyncIterator<string>,
  limitMs: number,
  stalled: () => void,
): AsyncGenerator<string> {
  try {
    for (let part = first; !part.done; part = await rest.next()) {
      const timer = setTimeout(stalled, limitMs);
      try {
        yield part.value;
      } finally {
        clearTimeout(timer);
      }
    }
  } finally {
    await rest.return?.();
  }
}
