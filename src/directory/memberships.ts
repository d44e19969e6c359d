import { notFound } from '../protocol/errors.ts';
import type { Conditions } from '../protocol/etag.ts';
import {
  MEMBERSHIP_ETAG,
  type Membership,
  membershipOf,
  readMembership,
  renderMembership,
  type ShownMembership,
} from '../protocol/membership.ts';
import { type Projection, projectionOf } from '../protocol/projection.ts';
import { bodyOfList, locationOf } from '../protocol/render.ts';
import type { SearchQuery } from '../protocol/search-query.ts';
import { memberTypes } from '../schema/definitions.ts';
import { GROUP_MEMBERSHIP_TYPE } from '../schema/group-membership.ts';
import type { JsonObject } from '../schema/json.ts';
import { listingFrom } from '../storage/cursor-page.ts';
import { isId } from '../storage/ids.ts';
import { refusalOf } from '../storage/membership.ts';
import { membershipListing, membershipsWithIds } from '../storage/membership-listing.ts';
import { countListing, pageOfListing } from '../storage/search.ts';
import { writeChange } from './change.ts';
import type { Link } from './changes.ts';
import type { Context, Scope } from './context.ts';
import { linkId, withoutGroup, withoutMembership } from './links.ts';
import { pageOfResults } from './listing.ts';
import { membershipRules } from './membership-rules.ts';
import { holdsMembers, locationPrefix, type Representation, typeName } from './representation.ts';
import { searchOfView } from './search-plan.ts';

/** POST of a membership: 409 when there is it already, 400 when one of the two is unknown. */
export async function createMembership(
  context: Context,
  scope: Scope,
  body: unknown,
  projection: Projection,
): Promise<Representation> {
  const creation = membershipCreation(scope, body);
  await writeChange(context, scope, creation);
  return readMembershipAt(context, scope, linkId(creation), projection);
}

/** DELETE of a membership. */
export async function deleteMembership(
  context: Context,
  scope: Scope,
  id: string,
  conditions: Conditions,
): Promise<void> {
  await writeChange(context, scope, membershipRemoval(scope, id, conditions));
}

/** GET of one membership. */
export async function readMembershipAt(
  context: Context,
  scope: Scope,
  id: string,
  projection: Projection,
): Promise<Representation> {
  const [found] = await membershipsWithIds(context.db, scope.tenantId, [id]);
  if (!found) throw withoutMembership(id);
  const location = locationOf(scope.baseUrl, GROUP_MEMBERSHIP_TYPE, id);
  return { id, etag: MEMBERSHIP_ETAG, location, body: projection.apply(shown(scope, found)) };
}

/** A search over the tenant's direct memberships: a ListResponse with the page asked for. */
export async function searchMemberships(context: Context, scope: Scope, query: SearchQuery): Promise<JsonObject> {
  const { db } = context;
  const { tenantId } = scope;
  const projection = projectionOf(GROUP_MEMBERSHIP_TYPE, query);
  const references = {
    tenantId,
    locations: locationPrefix(scope),
    typeNames: typeName(scope),
    memberTypes: memberTypes(scope.dialect.registry),
  };
  const listing = membershipListing({ ...references, ...searchOfView(scope, GROUP_MEMBERSHIP_TYPE, query) });
  const read = (ids: readonly string[]) => membershipsWithIds(db, tenantId, ids);
  const page = await pageOfResults(
    context,
    scope,
    [GROUP_MEMBERSHIP_TYPE],
    query,
    {
      page: async (at) => {
        const { ids, total } = await pageOfListing(db, listing, at);
        return { rows: await read(ids), total };
      },
      from: async (position, limit) => {
        const { ids, ...beside } = await listingFrom(db, listing, position, limit);
        return { rows: await read(ids), ...beside };
      },
      count: () => countListing(db, listing),
    },
    async (rows) => rows.map((row) => projection.apply(shown(scope, row))),
  );
  return bodyOfList(page);
}

/** The change that a POST asks for: of the group, which gains a member. */
export function membershipCreation(scope: Scope, body: unknown): Link {
  const membership = readMembership(body, scope.dialect.quirks);
  const refusal = refusalOf({ value: membership.member }, membership.group, membershipRules(scope));
  if (refusal) throw refusal;
  return linkFor(scope, 'join', membership, {});
}

/** The change that a DELETE asks for: of the group, which loses a member. */
export function membershipRemoval(scope: Scope, id: string, conditions: Conditions): Link {
  const membership = membershipOf(id);
  if (!membership) throw withoutMembership(id);
  return linkFor(scope, 'leave', membership, conditions);
}

function linkFor(scope: Scope, kind: Link['kind'], { group, member }: Membership, conditions: Conditions): Link {
  const link: Link = { kind, type: groupType(scope), address: group, member, conditions };
  if (!isId(group) || !isId(member)) throw withoutGroup(link);
  return link;
}

function shown(scope: Scope, membership: ShownMembership): JsonObject {
  const references = { location: locationPrefix(scope), typeName: typeName(scope), groupType: groupType(scope).number };
  return renderMembership(membership, scope.baseUrl, references);
}

function groupType({ dialect }: Scope) {
  const type = dialect.registry.types.find(holdsMembers);
  if (!type) throw notFound('This tenant has no groups.');
  return type;
}
