import type { Projection } from '../protocol/projection.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import { writeChange } from './change.ts';
import type { Mutation } from './changes.ts';
import type { Context, Scope } from './context.ts';
import { type Representation, representOne } from './representation.ts';

/** A change of one resource that no SCIM message says, because it depends on the resource as it is. */
export async function alterResource(
  context: Context,
  scope: Scope,
  type: ResourceTypeDefinition,
  address: string,
  mutate: Mutation['mutate'],
  projection: Projection,
): Promise<Representation> {
  const row = await writeChange(context, scope, { kind: 'patch', type, address, conditions: {}, mutate });
  return representOne(context.db, scope, type, row, projection);
}
