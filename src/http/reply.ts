import type { FastifyReply } from 'fastify';
import type { JsonObject } from '../schema/json.ts';
import { jsonTextOf } from '../schema/json-text.ts';

/** The media type of every SCIM message (RFC 7644 §8.1). */
export const SCIM_MEDIA_TYPE = 'application/scim+json';

/** Answers with a SCIM message, or the text of one. */
export function sendScim(reply: FastifyReply, body: JsonObject | string): FastifyReply {
  return sendAs(SCIM_MEDIA_TYPE, reply, body);
}

/** Answers with JSON, or the text of it, under that media type. */
export function sendAs(mediaType: string, reply: FastifyReply, body: JsonObject | string): FastifyReply {
  // With a serializer of its own the reply keeps the media type as it is; else a charset parameter would be added, and
  // there are clients that compare the whole header.
  return reply.header('content-type', mediaType).serializer(textOf).send(body);
}

/** What is answered of a resource; the text is of the same body. */
export interface Answered {
  readonly etag: string;
  readonly location: string;
  readonly body: JsonObject;
  readonly text?: string;
}

/** Answers with a resource. */
export function sendResource(reply: FastifyReply, resource: Answered): FastifyReply {
  return sendScim(identified(reply, resource), resource.text ?? resource.body);
}

/** The headers that say which resource, in which version, an answer is about (RFC 7643 §3.1, RFC 7644 §3.14). */
export function identified(
  reply: FastifyReply,
  resource: { readonly etag: string; readonly location: string },
): FastifyReply {
  return reply.headers({ etag: resource.etag, location: resource.location, 'content-location': resource.location });
}

function textOf(body: unknown): string {
  return typeof body === 'string' ? body : jsonTextOf(body as JsonObject);
}
