import type { FastifyReply, FastifyRequest } from 'fastify';
import { OAuthError } from '../access/oauth/errors.ts';
import { MAX_FORM_BYTES } from '../access/oauth/form.ts';
import { KeysUnreachable } from '../access/oauth/key-sets.ts';
import { failureOf } from './errors.ts';
import { sendAs } from './reply.ts';

/** Answers with an error of the token endpoint (RFC 6749 §5.2). */
export function sendOAuthError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const failure = oauthErrorOf(error, request);
  const { code, description, status, headers, reason } = failure;
  if (reason !== undefined) request.log.warn({ error: code, reason }, 'client refused');
  reply.code(status).headers({ 'cache-control': 'no-store', pragma: 'no-cache', ...headers });
  return sendAs('application/json', reply, { error: code, error_description: description });
}

function oauthErrorOf(error: unknown, request: FastifyRequest): OAuthError {
  if (error instanceof OAuthError) return error;
  if (error instanceof KeysUnreachable) {
    return new OAuthError('temporarily_unavailable', 'The keys of the issuer or client can not be fetched for now.', {
      status: 503,
      headers: { 'retry-after': String(error.retryAfterSeconds) },
      reason: error.message,
    });
  }
  const { code } = error as { code?: unknown };
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    return new OAuthError('invalid_request', 'The body is no form; send application/x-www-form-urlencoded.');
  }
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    return new OAuthError('invalid_request', `The form has more than ${MAX_FORM_BYTES} bytes.`, { status: 413 });
  }
  const { status, detail, headers } = failureOf(error, request);
  const failed = status === 503 ? 'temporarily_unavailable' : 'server_error';
  return new OAuthError(status < 500 ? 'invalid_request' : failed, detail, { status, headers });
}
