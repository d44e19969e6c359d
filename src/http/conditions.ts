import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Conditions, isUnchanged } from '../protocol/etag.ts';
import { type AnsweredInParts, sendInParts } from './parts.ts';
import { type Answered, identified, sendResource } from './reply.ts';

/** The conditional headers of a request (RFC 7644 §3.14). */
export function conditionsOf(request: FastifyRequest): Conditions {
  const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = request.headers;
  return { ...(ifMatch === undefined ? {} : { ifMatch }), ...(ifNoneMatch === undefined ? {} : { ifNoneMatch }) };
}

/** Answers a read: 304 without a body when the client holds this version already (RFC 9110 §15.4.5). */
export function sendRead(
  request: FastifyRequest,
  reply: FastifyReply,
  resource: Answered | AnsweredInParts,
): FastifyReply | Promise<FastifyReply> {
  if (isUnchanged(resource.etag, conditionsOf(request))) return identified(reply.code(304), resource).send();
  return 'parts' in resource ? sendInParts(request, reply, resource) : sendResource(reply, resource);
}
