import { invalidValue } from '../protocol/errors.ts';
import { abridged } from '../protocol/json.ts';
import { type Projection, projectionOf } from '../protocol/projection.ts';
import type { JsonObject } from '../schema/json.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import type { Credential } from '../storage/credentials.ts';
import type { Tenant } from '../storage/tenants.ts';
import type { Context, Scope } from './context.ts';
import { createResource } from './create.ts';
import { issueToken } from './credentials.ts';
import type { Representation } from './representation.ts';
import { groupTypeOf, issueTeamKey } from './teams.ts';
import { usersKnownAs } from './users-known.ts';
import { inWatchedTransaction } from './watched-transaction.ts';

/** A new user, alone or as the only member of a new team. */
export interface Enrolment {
  /** The User message. */
  readonly user: JsonObject;
  readonly team?: NewTeam;
}

/** A team to be made for a new user. */
export interface NewTeam {
  /** Id or e-mail address of another user who administers the team; left out: the new user does. */
  readonly administrator?: string;
  /** The Group message, for the ids of the only member and of the administrator. */
  readonly message: (member: string, administrator: string) => JsonObject;
  /** Roles of the member's key. */
  readonly roles: (administers: boolean) => readonly string[];
}

/** What was made. */
export interface Enrolled {
  readonly user: Representation;
  /** The user's own key, then that of the team. */
  readonly keys: readonly Credential[];
  readonly team: Representation | undefined;
}

/** Makes a user with a key, and with it the team that is asked for and the key to that: all of it or nothing. */
export async function enrolUser(
  context: Context,
  asking: Scope,
  tenant: Tenant,
  type: ResourceTypeDefinition,
  { user: message, team: asked }: Enrolment,
  projection: Projection,
): Promise<Enrolled> {
  return inWatchedTransaction(context, asking, async (within, scope) => {
    const user = await createResource(within, scope, type, message, projection);
    const own = await issueToken(within, tenant, { api: 'rest', kind: 'personal', user: user.id }, { by: scope });
    if (!asked) return { user, keys: [own.credential], team: undefined };
    const administrator = await administratorOf(within, scope, type, asked.administrator ?? user.id);
    const groupType = groupTypeOf(scope);
    const team = await createResource(
      within,
      scope,
      groupType,
      asked.message(user.id, administrator),
      projectionOf(groupType, {}),
    );
    const key = await issueTeamKey(within, scope, tenant, team.id, user.id, asked.roles(administrator === user.id));
    return { user, keys: [own.credential, key], team };
  });
}

async function administratorOf(
  { db }: Context,
  scope: Scope,
  type: ResourceTypeDefinition,
  text: string,
): Promise<string> {
  const [row] = await usersKnownAs(db, scope, type, [text]);
  if (row) return row.id;
  throw invalidValue(
    `There is no user "${abridged(text)}" to administer the team; name one by identifier or e-mail address, or none.`,
  );
}
