import type { Projection } from '../protocol/projection.ts';
import { readResource } from '../protocol/read-resource.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import { insertChange } from './change.ts';
import type { Context, Scope } from './context.ts';
import { type Representation, representOne } from './representation.ts';

/** POST (RFC 7644 §3.3): a new resource from the body; 409 when its unique attribute is taken. */
export async function createResource(
  context: Context,
  scope: Scope,
  type: ResourceTypeDefinition,
  body: unknown,
  projection: Projection,
): Promise<Representation> {
  const { document, members = [], password } = readResource(type, body, scope.dialect.quirks);
  const memberships = members.length > 0 ? [{ kind: 'add' as const, members }] : [];
  const row = await insertChange(context, scope, type, { document, memberships, password });
  return representOne(context.db, scope, type, row, projection);
}
