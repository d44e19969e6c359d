import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ScimError } from '../protocol/errors.ts';
import { type Conditions, failedReadCondition, isUnchanged } from '../protocol/etag.ts';
import { type AnsweredInParts, sendInParts } from './parts.ts';
import { type Answered, identified, sendResource } from './reply.ts';

/** The conditional headers of a request (RFC 7644 §3.14). */
export function conditionsOf(request: FastifyRequest): Conditions {
  const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = request.headers;
  return { ...(ifMatch === undefined ? {} : { ifMatch }), ...(ifNoneMatch === undefined ? {} : { ifNoneMatch }) };
}

/**
 * Answers a read: 412 when the client asked for another version (RFC 9110 §13.1.1), 304 without a body when it holds this
 * one already (§15.4.5).
 */
export function sendRead(
  request: FastifyRequest,
  reply: FastifyReply,
  resource: Answered | AnsweredInParts,
): FastifyReply | Promise<FastifyReply> {
  const conditions = conditionsOf(request);
  const failed = failedReadCondition(resource.etag, conditions);
  if (failed) throw new ScimError(412, failed);
  if (isUnchanged(resource.etag, conditions)) return identified(reply.code(304), resource).send();
  return 'parts' in resource ? sendInParts(request, reply, resource) : sendResource(reply, resource);
}

/**
 * Has no 304 to HEAD on the routes that follow say a length: it would have to be that of the 200 (RFC 9110 §8.6), and the
 * framework, which answers HEAD as GET without the body, says 0.
 */
export function omitUnknownLengths(app: FastifyInstance): void {
  app.addHook('onRoute', (route) => {
    if (route.method === 'HEAD') route.onSend = [route.onSend ?? [], withoutLengthOf304].flat();
  });
}

function withoutLengthOf304(
  _request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
  done: (error: null, payload: unknown) => void,
): void {
  if (reply.statusCode === 304) reply.removeHeader('content-length');
  done(null, payload);
}
