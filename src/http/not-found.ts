import type { FastifyRequest } from 'fastify';
import { notFound, ScimError } from '../protocol/errors.ts';
import { abridged } from '../protocol/json.ts';
import { SCIM_PATH } from './base-url.ts';

const OTHER_VERSION = /^(?:\/t\/[^/]*)?\/scim\/v(?!2(?:\/|$))\d/i;
const SCIM_ENDPOINT = /^(?:\/t\/[^/]*)?\/(?:Users|Groups)(?:\/|$)/;

/** Refuses a request that met no endpoint: 405 when the path has other methods, else 404 with the likely mistake. */
export async function noEndpoint(request: FastifyRequest): Promise<never> {
  throw failureOf(request, `SCIM is served below ${SCIM_PATH}`);
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
  const methods = endpoints.methodsOf(path);
  if (methods.length > 0) {
    return new ScimError(405, `${request.method} is not possible here; the path takes ${methods.join(', ')}.`, {
      headers: { allow: methods.join(', ') },
    });
  }
  // Of a SCIM endpoint its base path was forgotten; it is not the path of a REST surface in another letter case.
  const other = SCIM_ENDPOINT.test(path) ? undefined : endpoints.otherCaseOf(path);
  if (other !== undefined) {
    return notFound(`There is no endpoint ${abridged(path)}: paths are case-sensitive, send ${abridged(other)}.`);
  }
  // RFC 7644 §3.13.
  if (OTHER_VERSION.test(path)) {
    return new ScimError(400, `This server speaks SCIM 2.0; its base path is ${SCIM_PATH}.`, {
      scimType: 'invalidVers',
    });
  }
  return notFound(`There is no endpoint ${abridged(path)}; ${hint}.`);
}
