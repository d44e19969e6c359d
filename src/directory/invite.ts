import { invited } from '../protocol/account-status.ts';
import type { Projection } from '../protocol/projection.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import { writeChange } from './change.ts';
import type { Context, Scope } from './context.ts';
import { creation } from './create.ts';
import { type Representation, representOne } from './representation.ts';

/**
 * A new user from a User message who is not active until the invitation is accepted; where the profile has no invitations,
 * a user like any other.
 */
export async function inviteUser(
  context: Context,
  scope: Scope,
  type: ResourceTypeDefinition,
  body: unknown,
  projection: Projection,
): Promise<Representation> {
  const asked = await creation(context, scope, type, context.newId(), body);
  const row = await writeChange(context, scope, { ...asked, document: invited(type, asked.document) });
  return representOne(context.db, scope, type, row, projection);
}
