import type { FastifyRequest } from 'fastify';
import type { Operator } from '../../directory/operator.ts';
import type { RouteOptions } from '../options.ts';

/** The operator who makes an admin request. */
export function operatorOf(request: FastifyRequest, { authenticator }: RouteOptions): Operator {
  if (!request.principal)
    throw new Error(`${request.method} ${request.routeOptions.url} is served without a principal.`);
  return {
    actor: `credential:${request.principal.credential.prefix}`,
    requestId: request.id,
    tenantChanged: (tenantId) => authenticator.forget(tenantId),
  };
}
