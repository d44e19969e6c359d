import { unstorable } from '../protocol/json.ts';
import { MAX_KEY_LENGTH } from '../protocol/limits.ts';
import type { Projection } from '../protocol/projection.ts';
import { type UniqueValue, uniqueValuesOf } from '../protocol/unique-values.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import type { Database } from '../storage/database.ts';
import { findResources, type ResourceRow } from '../storage/resources.ts';
import { holdersOfUniqueValues } from '../storage/unique-values.ts';
import type { Context, Scope } from './context.ts';
import { type Representation, represent } from './representation.ts';

/** For each text the user with that id, or with that e-mail address in any letter case, where no two have the same. */
export async function usersKnownAs(
  db: Database,
  scope: Scope,
  type: ResourceTypeDefinition,
  texts: readonly string[],
): Promise<(ResourceRow | undefined)[]> {
  const possible = texts.map((text) => (text.length <= MAX_KEY_LENGTH && !unstorable(text) ? text : undefined));
  const addresses = possible.map((text) => (text === undefined ? [] : addressesAs(type, text)));
  const holderOf = await holdersOfUniqueValues(db, scope.tenantId, addresses.flat());
  const ids = possible.map((text, index) => [
    text ?? '',
    ...(addresses[index] ?? []).map((one) => holderOf(one) ?? ''),
  ]);
  const found = await findResources(db, scope.tenantId, ids.flat());
  return ids.map((candidates) => {
    const id = candidates.find((candidate) => found.get(candidate)?.type === type.number);
    return id === undefined ? undefined : found.get(id);
  });
}

/** The users with those ids or e-mail addresses, each once. */
export async function readUsersKnownAs(
  context: Context,
  scope: Scope,
  type: ResourceTypeDefinition,
  texts: readonly string[],
  projection: Projection,
): Promise<Representation[]> {
  const found = await usersKnownAs(context.db, scope, type, texts);
  const rows = new Map(found.flatMap((row) => (row ? [[row.id, row] as const] : [])));
  return represent(context.db, scope, type, [...rows.values()], projection);
}

function addressesAs(type: ResourceTypeDefinition, text: string): (UniqueValue & { readonly typeName: string })[] {
  const values = uniqueValuesOf(type, { emails: [{ value: text }] });
  return values.map((value) => ({ ...value, typeName: type.name }));
}
