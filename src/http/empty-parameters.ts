import type { FastifyReply, FastifyRequest } from 'fastify';
import { invalidParameter } from '../protocol/errors.ts';
import { takes } from '../protocol/quirks/quirks.ts';
import { declaredParameters } from './declared-parameters.ts';
import { scopeOf } from './scim-scope.ts';

/** An empty cursor asks for the first page (RFC 9865 §2), and an empty filter must not mean everything: it is refused. */
const MEANINGFUL_WHEN_EMPTY = new Set(['cursor', 'filter']);

/**
 * Takes parameters without a value, such as `?attributes=&count=`, as not sent where the tenant's grade does so, else
 * refuses them. Only those that the route declares: of others RFC 7644 §3.4.2 says to ignore them.
 */
export function takeEmptyParameters(
  request: FastifyRequest,
  _reply: FastifyReply,
  done: (error?: Error) => void,
): void {
  const query = request.query as Record<string, unknown>;
  for (const name of declaredParameters(request)) {
    if (query[name] !== '' || MEANINGFUL_WHEN_EMPTY.has(name)) continue;
    if (!takes(scopeOf(request).dialect.quirks, 'emptyStringIsNull', name)) {
      done(invalidParameter(`The parameter ${name} has no value; send one, or leave it out.`));
      return;
    }
    delete query[name];
  }
  done();
}
