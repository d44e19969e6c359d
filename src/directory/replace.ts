import type { Conditions } from '../protocol/etag.ts';
import type { Projection } from '../protocol/projection.ts';
import { readResource } from '../protocol/read-resource.ts';
import { replaceDocument } from '../protocol/replace.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import { writeChange } from './change.ts';
import type { Mutation } from './changes.ts';
import type { Context, Scope } from './context.ts';
import { keepHash } from './password-hashes.ts';
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
  const row = await writeChange(context, scope, replacement(scope, type, address, body, conditions));
  const answered = projection.answering(() => readResource(type, body, scope.dialect.quirks).named());
  return representOne(context.db, scope, type, row, answered);
}

/** The change that a PUT asks for, its password hashed already: for whoever carries it out in a transaction of their own. */
export async function hashedReplacement(
  context: Context,
  scope: Scope,
  type: ResourceTypeDefinition,
  address: string,
  body: unknown,
): Promise<Mutation> {
  const change = replacement(scope, type, address, body, {});
  await keepHash(context, change);
  return change;
}

/** The change that a PUT asks for. */
export function replacement(
  scope: Scope,
  type: ResourceTypeDefinition,
  address: string,
  body: unknown,
  conditions: Conditions,
): Mutation {
  const { document, members, password, named } = readResource(type, body, scope.dialect.quirks);
  const memberships = members ? [{ kind: 'replace' as const, members }] : [];
  const mutate: Mutation['mutate'] = (current) => ({
    document: replaceDocument(type, current, document, named()),
    memberships,
    password,
  });
  return { kind: 'put', type, address, conditions, mutate, password };
}
