import type { FastifyRequest } from 'fastify';
import { notFound, ScimError } from '../protocol/errors.ts';
import { abridged } from '../protocol/json.ts';
import { SCIM_PATH } from './base-url.ts';

const OTHER_VERSION = /^(?:\/t\/[^/]*)?\/scim\/v(?!2(?:\/|$))\d/i;

/** Refuses a request that met no endpoint: 405 when the path has other methods, else 404 with the likely mistake. */
export async function noEndpoint(request: FastifyRequest): Promise<never> {
  throw failureOf(request);
}

/** Refuses a request to an endpoint of a feature that the tenant does not have on, as if there were no such endpoint. */
export async function requireFeature(request: FastifyRequest): Promise<void> {
  const { feature } = request.routeOptions.config;
  if (feature !== undefined && !request.scope?.dialect.features.has(feature)) throw failureOf(request);
}

function failureOf(request: FastifyRequest): ScimError {
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
  const other = endpoints.otherCaseOf(path, offered);
  if (other !== undefined) {
    return notFound(`There is no endpoint ${abridged(path)}: paths are case-sensitive, send ${abridged(other)}.`);
  }
  // RFC 7644 §3.13.
  if (OTHER_VERSION.test(path)) {
    return new ScimError(400, `This server speaks SCIM 2.0; its base path is ${SCIM_PATH}.`, {
      scimType: 'invalidVers',
    });
  }
  return notFound(`There is no endpoint ${abridged(path)}; SCIM is served below ${SCIM_PATH}.`);
}
