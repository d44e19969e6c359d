import type { Conditions } from '../protocol/etag.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import { writeChange } from './change.ts';
import type { Context, Scope } from './context.ts';

/** DELETE (RFC 7644 §3.6): for good; afterwards the resource is in no group and its names are free. */
export async function deleteResource(
  context: Context,
  scope: Scope,
  type: ResourceTypeDefinition,
  address: string,
  conditions: Conditions,
): Promise<void> {
  await writeChange(context, scope, { kind: 'delete', type, address, conditions });
}
