import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import type { Scope } from '../directory/context.ts';
import { requireOffered } from '../directory/offered.ts';
import { scopeOf } from '../http/scim-scope.ts';
import { notFound, ScimError, uniqueness } from '../protocol/errors.ts';
import { locationOf } from '../protocol/render.ts';
import { typeNamed } from '../schema/registry.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import { USER_TYPE } from '../schema/resource-types.ts';
import type { RouteOptions } from './options.ts';
import { oneResourceRoutes } from './resources.ts';

const ME = '/Me';

/**
 * /Me (RFC 7644 §3.11): another name of the user to whom the request's credential is bound. What is done to it is done to
 * /Users/{id}, with the same scopes and the same rules.
 */
export const meRoutes: FastifyPluginAsyncTypebox<RouteOptions> = async (app, { context }) => {
  // RFC 7644 §3.11: any response has the permanent location, errors and answers without a body too.
  app.addHook('onRequest', async (request, reply) => {
    const { scope, type, address } = subject(request);
    reply.header('location', locationOf(scope.baseUrl, type, address));
  });

  oneResourceRoutes(app, context, ME, (request, operation) => {
    const found = subject(request);
    requireOffered(found.scope, found.type, operation);
    return found;
  });

  app.post(ME, async (request) => {
    const { scope, type, address } = subject(request);
    requireOffered(scope, type, 'create');
    throw uniqueness(
      `The token is bound to ${locationOf(scope.baseUrl, type, address)}, which there is already; change it with PUT or PATCH, or create users at ${type.endpoint}.`,
    );
  });
};

/** The user to whom the request's credential is bound; throws 501 where there is none. */
function subject(request: FastifyRequest): { scope: Scope; type: ResourceTypeDefinition; address: string } {
  const scope = scopeOf(request);
  const { profile, registry } = scope.dialect;
  const type = typeNamed(registry, USER_TYPE.name);
  if (!type) throw notFound(`This tenant has no resource type ${USER_TYPE.name}.`);
  const instead = `use ${type.endpoint} with the id of the user`;
  if (!profile.operations.me) throw new ScimError(501, `The profile ${profile.name} does not offer ${ME}; ${instead}.`);
  const userId = request.principal?.credential.userId ?? undefined;
  if (userId === undefined) {
    throw new ScimError(
      501,
      `${ME} is not offered to this token, which is bound to no user. Issue one that is, with "rollcall token issue TENANT --user USERNAME" or the "user" of POST /admin/tenants/TENANT/tokens; or ${instead}.`,
    );
  }
  return { scope: byIdOnly(scope), type, address: userId };
}

/** The scope with resources addressed by id: the user's id must never be taken for another user's externalId. */
function byIdOnly(scope: Scope): Scope {
  const { dialect } = scope;
  return { ...scope, dialect: { ...dialect, profile: { ...dialect.profile, addressBy: 'id' } } };
}
