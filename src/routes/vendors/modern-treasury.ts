import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type BrowseQuery, browseResources } from '../../directory/browse.ts';
import { readResource } from '../../directory/read.ts';
import { reading } from '../../directory/reading.ts';
import { invalidParameter } from '../../protocol/errors.ts';
import type { JsonObject } from '../../schema/json.ts';
import type { ResourceTypeDefinition } from '../../schema/resource-type.ts';
import type { RouteOptions } from '../options.ts';
import { parametersOf, wholeNumberIn } from './parameters.ts';
import { mountDoor, usersOf } from './surface.ts';
import { userView } from './user-view.ts';

/** Users in a page (source 000: "Default page size: 25", "Max page size: 1000"). */
export const PER_PAGE = { defaultCount: 25, maxCount: 1000 };
/** The role of users without one: a role is always there, and to be a member is the least there is. */
export const ROLE_OF_OTHERS = 'member';

const BY_CURSOR = 'pages are asked for with after_cursor and before_cursor';
const INSTEAD = { page: BY_CURSOR, offset: BY_CURSOR, limit: 'the size of pages is per_page' };

/** /api/users of Modern Treasury (source 000): users to be read, page by page with cursors. They are written by SCIM alone. */
export async function mountModernTreasury(app: FastifyInstance, options: RouteOptions): Promise<void> {
  const { context } = options;
  mountDoor(app, options, {
    name: 'modern-treasury',
    scheme: 'basic',
    // Whatever is asked for: the methods that write are 405 for every key.
    scopes: { read: 'user:read', write: 'user:read' },
    paging: PER_PAGE,
    hint: 'users are read at /api/users and /api/users/{id}',
  });

  app.get('/', async (request) => {
    const { scope, type, projection } = usersOf(request);
    const page = await reading(context, (reader) =>
      browseResources(reader, scope, type, browseQueryOf(request), projection),
    );
    return {
      object: 'list',
      items: page.resources.map(({ body }) => shown(request, type, body)),
      per_page: page.count,
      after_cursor: page.after ?? null,
      before_cursor: page.before ?? null,
    };
  });

  app.get('/:id', async (request) => {
    const { scope, type, projection } = usersOf(request);
    const { id } = request.params as { id: string };
    const { body } = await reading(context, (reader) => readResource(reader, scope, type, id, projection));
    return shown(request, type, body);
  });
}

function browseQueryOf(request: FastifyRequest): BrowseQuery {
  const given = parametersOf(request, ['per_page', 'after_cursor', 'before_cursor'], INSTEAD);
  const count = wholeNumberIn('per_page', given.per_page, { least: 1, most: PER_PAGE.maxCount });
  const { after_cursor: after, before_cursor: before } = given;
  if (after !== undefined && before !== undefined) {
    throw invalidParameter('after_cursor and before_cursor exclude each other; send one of them.');
  }
  return {
    ...(count === undefined ? {} : { count }),
    ...(after === undefined ? {} : { beside: { cursor: after, direction: 'after', parameter: 'after_cursor' } }),
    ...(before === undefined ? {} : { beside: { cursor: before, direction: 'before', parameter: 'before_cursor' } }),
  };
}

function shown(request: FastifyRequest, type: ResourceTypeDefinition, user: JsonObject): JsonObject {
  const { id, email, fullName, role, status, createdAt, updatedAt } = userView(type, user);
  return {
    id,
    object: 'user',
    live_mode: request.principal?.tenant.sandboxOf === undefined,
    name: fullName,
    email,
    role: role ?? ROLE_OF_OTHERS,
    // "Verify deactivation by calling GET /api/users/{id} and confirming the user's status."
    status: status === 'active' ? 'active' : 'deactivated',
    created_at: createdAt,
    updated_at: updatedAt,
  };
}
