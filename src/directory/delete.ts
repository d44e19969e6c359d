import type { Conditions } from '../protocol/etag.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import { deleteChange } from './change.ts';
import type { Context, Scope } from './context.ts';

/** DELETE (RFC 7644 §3.6): for good; afterwards the resource is in no group and its names are free. */
export function deleteResource(
  context: Context,
  scope: Scope,
  type: ResourceTypeDefinition,
  address: string,
  conditions: Conditions,
): Promise<void> {
  return deleteChange(context, scope, type, address, conditions);
}
