import type { FastifyReply, FastifyRequest } from 'fastify';
import { notFound, ScimError } from '../protocol/errors.ts';
import { abridged } from '../protocol/json.ts';
import { SCIM_PATH } from './base-url.ts';

const OTHER_VERSION = /^(?:\/t\/[^/]*)?\/scim\/v(?!2(?:\/|$))\d/i;
const SCIM_ENDPOINT = /^(?:\/t\/[^/]*)?\/(?:Users|Groups)(?:\/|$)/;

const BELOW_SCIM = /^(?:\/t\/[^/]*)?\/scim\/v2(?:\/|$)/;

const SCIM_HINT = `SCIM is served below ${SCIM_PATH}`;
const ENDPOINTS_HINT = `${SCIM_PATH}/ResourceTypes lists those that this tenant's resources have`;

/** Refuses a request that met no endpoint: 405 when the path has other methods, else 404 with the likely mistake. */
export async function noEndpoint(request: FastifyRequest): Promise<never> {
  throw failureOf(request, SCIM_HINT);
}

/** Refuses a request to an endpoint of a feature that the tenant does not have on, as if there were no such endpoint. */
export function requireFeature(request: FastifyRequest, _reply: FastifyReply, done: (error?: Error) => void): void {
  const { feature } = request.routeOptions.config;
  if (feature === undefined || request.scope?.dialect.features.has(feature)) done();
  else done(failureOf(request, SCIM_HINT));
}

/** The same below another surface, of which `hint` says where its endpoints are. */
export function noEndpointOf(hint: string): (request: FastifyRequest) => Promise<never> {
  return async (request) => {
    throw failureOf(request, hint);
  };
}

function failureOf(request: FastifyRequest, hint: string): ScimError {
  const { endpoints } = request.server;
  const [path = '/'] = request.url.split('?');
  const dialect = request.scope?.dialect;
  const offered = dialect && {
    endpoints: dialect.registry.types.map(({ endpoint }) => endpoint),
    features: dialect.features,
  };
  const methods = endpoints.methodsOf(path, offered);
  if (methods.length > 0) {
    return new ScimError(405, `${request.method} is not possible here; the path takes ${methods.join(', ')}.`, {
      headers: { allow: methods.join(', ') },
    });
  }
  // Of a SCIM endpoint its base path was forgotten; it is not the path of a REST surface in another letter case.
  const other = SCIM_ENDPOINT.test(path) ? undefined : endpoints.otherCaseOf(path, offered);
  if (other !== undefined) {
    return notFound(`There is no endpoint ${abridged(path)}: paths are case-sensitive, send ${abridged(other)}.`);
  }
  // RFC 7644 §3.13.
  if (OTHER_VERSION.test(path)) {
    return new ScimError(400, `This server speaks SCIM 2.0; its base path is ${SCIM_PATH}.`, {
      scimType: 'invalidVers',
    });
  }
  return notFound(`There is no endpoint ${abridged(path)}; ${BELOW_SCIM.test(path) ? ENDPOINTS_HINT : hint}.`);
}
