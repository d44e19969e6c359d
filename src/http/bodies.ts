import { isUtf8 } from 'node:buffer';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { invalidSyntax, ScimError } from '../protocol/errors.ts';
import { abridged, parseJsonBody } from '../protocol/json.ts';
import type { JsonValue } from '../schema/json.ts';
import { SCIM_MEDIA_TYPE } from './reply.ts';

const CHARSET = /;\s*charset\s*=\s*"?([^\s";]+)/i;
const UTF_8 = new Set(['utf-8', 'utf8']);

/** Takes JSON in UTF-8 under both media types of RFC 7644 §8.1, with any other parameters, and nothing else. */
export function acceptJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  const mediaTypes = [SCIM_MEDIA_TYPE, 'application/json'];
  app.addContentTypeParser<Buffer>(mediaTypes, { parseAs: 'buffer' }, async (request: FastifyRequest, body: Buffer) =>
    parsed(request, body),
  );
  // Clients send a Content-Type on GET and DELETE without a body; what types nothing must not be refused.
  app.addHook('onRequest', (request, _reply, done) => {
    if (request.headers['content-type'] !== undefined && !hasBody(request)) delete request.headers['content-type'];
    done();
  });
}

/** The body of a request that needs one. */
export function bodyOf(request: FastifyRequest, wanted: string): JsonValue {
  if (request.body === undefined) throw invalidSyntax(`The request has no body; send ${wanted}.`);
  return request.body as JsonValue;
}

function hasBody(request: FastifyRequest): boolean {
  const length = request.headers['content-length'];
  return request.headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0');
}

function parsed(request: FastifyRequest, body: Buffer): JsonValue | undefined {
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    throw new ScimError(415, `The body has the Content-Encoding "${encoding}"; send it as it is.`);
  }
  const charset = CHARSET.exec(request.headers['content-type'] ?? '')?.[1];
  if (charset !== undefined && !UTF_8.has(charset.toLowerCase())) {
    throw new ScimError(
      415,
      `The body has the charset "${abridged(charset)}"; send it in utf-8, with charset=utf-8 or without charset.`,
    );
  }
  if (body.length === 0) return undefined;
  const text = textOf(body);
  const value = parseJsonBody(text);
  if (request.notes) request.notes.sent = text;
  return value;
}

function textOf(body: Buffer): string {
  if (!isUtf8(body)) throw invalidSyntax('The body is not UTF-8; send JSON in UTF-8 (RFC 7644 §3.8).');
  const text = body.toString();
  // A byte order mark is dropped: JSON text has none (RFC 8259 §8.1), but some clients begin with one.
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}
