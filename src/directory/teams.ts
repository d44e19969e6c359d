import { INVITATION } from '../events/kinds.ts';
import { invalidValue, notFound } from '../protocol/errors.ts';
import { abridged } from '../protocol/json.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import { type Credential, isLive } from '../storage/credentials.ts';
import { type EventRow, insertEvents } from '../storage/events.ts';
import type { ResourceRow } from '../storage/resources.ts';
import type { Tenant } from '../storage/tenants.ts';
import { writeChange } from './change.ts';
import type { Acting, Context, Scope } from './context.ts';
import { issueToken } from './credentials.ts';
import { keysOfUsers } from './keys.ts';
import { newEvent } from './record.ts';
import { holdsMembers } from './representation.ts';
import { usersKnownAs } from './users-known.ts';
import { inWatchedTransaction } from './watched-transaction.ts';

/** A member of a team with the one key that the member has there. */
export interface TeamMember {
  readonly user: ResourceRow;
  readonly key: Credential;
  /** The event that tells of the invitation; a member who had the key before is not invited again. */
  readonly invitation: EventRow | undefined;
}

/** Whom a team gets, and what their keys may do. */
export interface Joining {
  /** Ids or e-mail addresses of users. */
  readonly users: readonly string[];
  readonly roles: readonly string[];
}

/**
 * Makes users members of the group, gives each who has no live one a key of the group, and invites those: all of it or nothing.
 * The group is locked meanwhile, so that nobody gets two keys.
 */
export async function joinTeam(
  context: Context,
  asking: Scope,
  tenant: Tenant,
  type: ResourceTypeDefinition,
  groupId: string,
  { users, roles }: Joining,
): Promise<TeamMember[]> {
  return inWatchedTransaction(context, asking, async (within, scope) => {
    const found = await usersKnownAs(within.db, scope, type, users);
    const rows = new Map(found.map((row, index) => required(row, users[index])));
    const members = [...rows.keys()].map((value) => ({ value }));
    await writeChange(within, scope, {
      kind: 'patch',
      type: groupTypeOf(scope),
      address: groupId,
      conditions: {},
      mutate: (current) => ({ document: current, memberships: [{ kind: 'add', members }], password: undefined }),
    });
    const keys = await keysOfUsers(within, tenant, [...rows.keys()]);
    const now = within.clock();
    const joined: TeamMember[] = [];
    for (const [id, user] of rows) {
      // The last of them: one that was rotated comes before the one that takes its place.
      const had = keys.get(id)?.findLast((key) => isTeamKeyOf(key, groupId) && isLive(key, now));
      const key = had ?? (await issueTeamKey(within, scope, tenant, groupId, id, roles));
      joined.push({ user, key, invitation: had ? undefined : invitationOf(within, scope, type, user, groupId) });
    }
    await insertEvents(
      within.db,
      joined.flatMap(({ invitation }) => invitation ?? []),
    );
    return joined;
  });
}

/** Gives a user the key of a group. */
export async function issueTeamKey(
  context: Context,
  by: Acting,
  tenant: Tenant,
  groupId: string,
  userId: string,
  roles: readonly string[],
): Promise<Credential> {
  const asked = { api: 'rest', kind: 'team', user: userId, roles };
  const { credential } = await issueToken(context, tenant, asked, { by, groupId });
  return credential;
}

/** The type of the tenant's groups. */
export function groupTypeOf({ dialect }: Scope): ResourceTypeDefinition {
  const type = dialect.registry.types.find(holdsMembers);
  if (!type) throw notFound('This tenant has no groups.');
  return type;
}

function required(row: ResourceRow | undefined, text = ''): [string, ResourceRow] {
  if (row) return [row.id, row];
  throw invalidValue(`There is no user "${abridged(text)}"; name users by identifier or e-mail address.`);
}

function isTeamKeyOf({ kind, groupId }: Credential, group: string): boolean {
  return kind === 'team' && groupId === group;
}

function invitationOf(
  context: Context,
  scope: Scope,
  type: ResourceTypeDefinition,
  user: ResourceRow,
  groupId: string,
): EventRow {
  const attributes = [`groups[value eq "${groupId}"]`];
  const about = { typeNumber: type.number, resourceId: user.id, version: user.version, attributes };
  return newEvent(context, scope, { kind: INVITATION, ...about, at: context.clock() });
}
