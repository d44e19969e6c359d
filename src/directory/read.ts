import type { Projection } from '../protocol/projection.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import type { Context, Scope } from './context.ts';
import { type Representation, readingFor, representOne } from './representation.ts';
import { resourceSeenAt } from './seen.ts';

/** GET of one resource (RFC 7644 §3.4.1). */
export async function readResource(
  context: Context,
  scope: Scope,
  type: ResourceTypeDefinition,
  address: string,
  projection: Projection,
): Promise<Representation> {
  const row = await resourceSeenAt(context.db, scope, type, address, readingFor(type, projection));
  return representOne(context.db, scope, type, row, projection);
}
