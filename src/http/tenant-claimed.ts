import type { FastifyRequest } from 'fastify';
import { sentCredential } from '../access/authorization.ts';
import { SCIM_SURFACE } from '../access/surfaces.ts';
import { parseToken, type TokenParts } from '../access/token.ts';

/**
 * The tenant that a refused credential says it is of. It need not exist, and whoever sent it learns nothing of whether it
 * does: the answer has gone out already.
 */
export function tenantClaimed(request: FastifyRequest): string | undefined {
  return credentialClaimed(request)?.tenantId;
}

/** What a credential says of itself, which may be made up. */
export function credentialClaimed({ headers }: FastifyRequest): TokenParts | undefined {
  try {
    return parseToken(sentCredential(headers.authorization, SCIM_SURFACE).text);
  } catch {
    return undefined;
  }
}
