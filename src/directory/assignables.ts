import { notFound } from '../protocol/errors.ts';
import { evaluateFilter } from '../protocol/filter/evaluate.ts';
import { abridged } from '../protocol/json.ts';
import { type Projection, projectionOf } from '../protocol/projection.ts';
import { bodyOfList, locationOf } from '../protocol/render.ts';
import type { SearchQuery } from '../protocol/search-query.ts';
import type { JsonObject } from '../schema/json.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import { ROLE_TYPE } from '../schema/roles-and-entitlements.ts';
import { computedResults } from './computed-results.ts';
import { versioned } from './content-version.ts';
import type { Context, Scope } from './context.ts';
import { pageOfResults } from './listing.ts';
import type { Representation } from './representation.ts';
import { roleId } from './role-id.ts';
import { searchOfView } from './search-plan.ts';

/** A list of the roles or entitlements that users of the tenant can be given (draft-ietf-scim-roles-entitlements). */
export async function searchAssignables(
  context: Context,
  scope: Scope,
  type: ResourceTypeDefinition,
  query: SearchQuery,
): Promise<JsonObject> {
  const projection = projectionOf(type, query);
  const { filter, sortBy, descending } = searchOfView(scope, type, query);
  // In memory: they stand in the tenant's one row, which is read already, and are few (MAX_ROLES).
  const all = assignables(scope, type).map(({ body }) => body);
  const selected = all.filter((resource) => !filter || evaluateFilter(filter, resource));
  const results = computedResults(selected, sortBy, descending);
  return bodyOfList(
    await pageOfResults(context, scope, [type], query, results, async (rows) => rows.map(projection.apply)),
  );
}

/** One of them. */
export function readAssignable(
  scope: Scope,
  type: ResourceTypeDefinition,
  id: string,
  projection: Projection,
): Representation {
  const found = assignables(scope, type).find(({ body }) => body.id === id);
  if (!found) throw notFound(`There is no ${type.name} "${abridged(id)}".`);
  return { ...found, id, body: projection.apply(found.body) };
}

/** The tenant's role names. Entitlements, and roles where they are open, take any value, so there is no list of those. */
function assignables(scope: Scope, type: ResourceTypeDefinition) {
  if (type !== ROLE_TYPE) return [];
  return scope.dialect.roles.map((role) => {
    const id = roleId(scope.tenantId, role);
    return versioned({
      schemas: [type.schema.id],
      id,
      value: role.name,
      display: role.name,
      supported: true,
      limitedAssignmentsPermitted: false,
      meta: { resourceType: type.name, location: locationOf(scope.baseUrl, type, id) },
    });
  });
}
