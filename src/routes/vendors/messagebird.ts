import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Principal } from '../../access/principal.ts';
import { alterResource } from '../../directory/alter.ts';
import { deleteResource } from '../../directory/delete.ts';
import { inviteUser } from '../../directory/invite.ts';
import { readResource } from '../../directory/read.ts';
import { reading } from '../../directory/reading.ts';
import { searchResources } from '../../directory/search.ts';
import { bodyOf } from '../../http/bodies.ts';
import { ScimError } from '../../protocol/errors.ts';
import { MAX_PAGE_NUMBER } from '../../protocol/paging.ts';
import type { JsonObject } from '../../schema/json.ts';
import type { ResourceTypeDefinition } from '../../schema/resource-type.ts';
import type { RouteOptions } from '../options.ts';
import { parametersOf, wholeNumberIn } from './parameters.ts';
import { mountDoor, type Paging, usersOf, WITHOUT_GROUPS } from './surface.ts';
import { newUserFields, userFields } from './user-fields.ts';
import { changeTo, newUser } from './user-message.ts';
import { userView } from './user-view.ts';

/** Users in a page (source 003: "default 20, max 100"). */
export const LIMIT = { defaultCount: 20, maxCount: 100 };

const BY_OFFSET = 'pages are asked for with offset and limit';

/** /users of MessageBird (source 003): users to be read and written, page by page by offset. */
export async function mountMessagebird(app: FastifyInstance, options: RouteOptions): Promise<void> {
  const { context } = options;
  mountDoor(app, options, {
    name: 'messagebird',
    scheme: 'access-key',
    scopes: { read: 'user:read', write: 'user:write' },
    paging: LIMIT,
    hint: 'users are at /users and /users/{id}',
    admitsKey: requireOrganizationKey,
  });

  app.get('/', async (request) => {
    const { scope, type } = usersOf(request);
    const { offset, limit } = pageOf(request, scope.dialect.profile.paging);
    const page = { startIndex: offset + 1, count: limit, ...WITHOUT_GROUPS };
    const { totalResults = 0, Resources } = await reading(context, (reader) =>
      searchResources(reader, scope, [type], page),
    );
    const users = Array.isArray(Resources) ? (Resources as JsonObject[]) : [];
    // "Check the count field in the response to determine total users"
    return { offset, limit, count: totalResults, items: users.map((user) => shown(type, user)) };
  });

  app.get('/:id', async (request) => {
    const { scope, type, projection } = usersOf(request);
    const { body } = await reading(context, (reader) => readResource(reader, scope, type, idIn(request), projection));
    return shown(type, body);
  });

  app.post('/', async (request, reply) => {
    const { scope, type, projection } = usersOf(request);
    const fields = newUserFields(bodyOf(request, 'a JSON object with the email of the user'));
    const { body } = await inviteUser(context, scope, type, newUser(type, fields), projection);
    return reply.code(201).send(shown(type, body));
  });

  app.patch('/:id', async (request) => {
    const { scope, type, projection } = usersOf(request);
    const fields = userFields(bodyOf(request, 'a JSON object with the fields to change'));
    const { body } = await alterResource(context, scope, type, idIn(request), changeTo(type, fields), projection);
    return shown(type, body);
  });

  app.delete('/:id', async (request, reply) => {
    const { scope, type } = usersOf(request);
    await deleteResource(context, scope, type, idIn(request), {});
    return reply.code(204).send();
  });
}

/** "Both require an organization-level API key; personal or project-scoped keys will not have access to user endpoints." */
function requireOrganizationKey({ credential: { kind, prefix } }: Principal): void {
  if (kind === 'organization') return;
  throw new ScimError(403, `The key ${prefix} is a ${kind} key; users need a key of the kind organization.`);
}

function pageOf(request: FastifyRequest, { defaultCount, maxCount }: Paging): { offset: number; limit: number } {
  const instead = { page: BY_OFFSET, per_page: BY_OFFSET, cursor: BY_OFFSET };
  const given = parametersOf(request, ['offset', 'limit'], instead);
  return {
    offset: wholeNumberIn('offset', given.offset, { least: 0, most: MAX_PAGE_NUMBER - 1 }) ?? 0,
    limit: wholeNumberIn('limit', given.limit, { least: 1, most: maxCount }) ?? defaultCount,
  };
}

function idIn(request: FastifyRequest): string {
  return (request.params as { id: string }).id;
}

function shown(type: ResourceTypeDefinition, user: JsonObject): JsonObject {
  const { fullName: _, ...view } = userView(type, user);
  return view;
}
