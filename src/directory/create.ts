import { withId } from '../protocol/document.ts';
import type { Projection } from '../protocol/projection.ts';
import { readResource } from '../protocol/read-resource.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import { writeChange } from './change.ts';
import type { Creation } from './changes.ts';
import type { Context, Scope } from './context.ts';
import { initialHash } from './password.ts';
import { type Representation, representOne } from './representation.ts';

/** POST (RFC 7644 §3.3): a new resource from the body; 409 when its unique attribute is taken. */
export async function createResource(
  context: Context,
  scope: Scope,
  type: ResourceTypeDefinition,
  body: unknown,
  projection: Projection,
): Promise<Representation> {
  const row = await writeChange(context, scope, await creation(context, scope, type, context.newId(), body));
  const answered = projection.answering(() => readResource(type, body, scope.dialect.quirks).named());
  return representOne(context.db, scope, type, row, answered);
}

/** The change that a POST asks for, with the id that the resource is going to have. */
export async function creation(
  context: Context,
  scope: Scope,
  type: ResourceTypeDefinition,
  id: string,
  body: unknown,
): Promise<Creation> {
  const { document, members = [], password } = readResource(type, body, scope.dialect.quirks);
  return {
    kind: 'create',
    type,
    id,
    document: withId(document, id),
    memberships: members.length > 0 ? [{ kind: 'add', members }] : [],
    passwordHash: await initialHash(context, type, password),
  };
}
