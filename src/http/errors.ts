import type { FastifyReply, FastifyRequest } from 'fastify';
import { errorBody, LoadShed, PlayedFault, ScimError, statusOf, unavailable } from '../protocol/errors.ts';
import { MAX_BODY_BYTES } from '../protocol/limits.ts';
import { isTransient, isUnavailable } from '../storage/errors.ts';
import { loggable } from './loggable.ts';
import { SCIM_MEDIA_TYPE, sendAs } from './reply.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Media types that the route's bodies have, where they are no JSON. */
    mediaTypes?: readonly string[];
  }
}

const JSON_MEDIA_TYPES = [SCIM_MEDIA_TYPE, 'application/json'];

/** When a request that met a database out of reach is worth sending again: a restart takes a few seconds. */
export const RETRY_AFTER_SECONDS = 5;

/** Answers with an error: the one place where any failure becomes a response (RFC 7644 §3.12). */
export function sendError(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  mediaType: string = SCIM_MEDIA_TYPE,
): FastifyReply {
  const failure = failureOf(error, request);
  const status = statusOf(failure, request.scope?.dialect.profile.invalidInputStatus ?? failure.status);
  return sendAs(mediaType, reply.code(status).headers(failure.headers), errorBody(status, failure));
}

/** What may be told of a failure; what the server is to blame for goes to its log. */
export function failureOf(error: unknown, request: FastifyRequest): ScimError {
  const failure = scimErrorOf(error, request);
  const meant = failure instanceof PlayedFault || failure instanceof LoadShed;
  const blamed = failure.status >= 500 && failure.status !== 501 && !meant;
  if (blamed) request.log.error({ error: loggable(error) }, 'request failed');
  return failure;
}

function scimErrorOf(error: unknown, request: FastifyRequest): ScimError {
  if (error instanceof ScimError) return error;
  const { code, statusCode } = error as { code?: unknown; statusCode?: unknown };
  switch (code) {
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return unsupportedMediaType(request);
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new ScimError(
        413,
        `The body is larger than the maxPayloadSize of ${MAX_BODY_BYTES} bytes; send it in parts.`,
      );
    case 'FST_ERR_BAD_URL':
      return new ScimError(400, 'The path has a percent sign that begins no percent-encoded UTF-8; write it as %25.');
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return new ScimError(404, 'There is no resource at this path: a part of it is longer than any id.');
  }
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500) {
    return new ScimError(statusCode, 'The request is not well-formed HTTP, or its body ended early; send it again.');
  }
  if (isUnavailable(error) || isTransient(error)) {
    return unavailable(
      `The server's database can't do this for now; send the request again after ${RETRY_AFTER_SECONDS} seconds.`,
      RETRY_AFTER_SECONDS,
    );
  }
  return new ScimError(500, `The server failed; its log has the cause under request ${request.id}.`);
}

/** The 415 for a body of another media type (RFC 7644 §8.1). */
export function unsupportedMediaType(request: FastifyRequest): ScimError {
  const sent = request.headers['content-type'];
  const said = sent === undefined ? 'The body has no Content-Type' : `The body has the Content-Type "${sent}"`;
  const { mediaTypes = JSON_MEDIA_TYPES } = request.routeOptions.config;
  return new ScimError(415, `${said}; send ${mediaTypes.join(' or ')}.`);
}
