import type { Conditions } from '../protocol/etag.ts';
import type { Projection } from '../protocol/projection.ts';
import { readResource } from '../protocol/read-resource.ts';
import { replaceDocument } from '../protocol/replace.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import { changeResource } from './change.ts';
import type { Context, Scope } from './context.ts';
import { type Representation, representOne } from './representation.ts';

/** PUT (RFC 7644 §3.5.1): never creates; what the body leaves out is unassigned, a password it leaves out stays. */
export async function replaceResource(
  context: Context,
  scope: Scope,
  type: ResourceTypeDefinition,
  address: string,
  body: unknown,
  conditions: Conditions,
  projection: Projection,
): Promise<Representation> {
  const { document, members, password } = readResource(type, body, scope.dialect.quirks);
  const memberships = members ? [{ kind: 'replace' as const, members }] : [];
  const row = await changeResource(context, scope, type, address, 'put', conditions, (current) => ({
    document: replaceDocument(type, current, document),
    memberships,
    password,
  }));
  return representOne(context.db, scope, type, row, projection);
}
