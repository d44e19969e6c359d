import { counted } from '../counted.ts';
import { ScimError } from '../protocol/errors.ts';
import { FIRST_REGISTERED_NUMBER } from '../schema/definitions.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import { countOfType, numberedPaths } from '../storage/definition-data.ts';
import { deleteSchema, removeType as markRemoved } from '../storage/definitions.ts';
import type { Tenant } from '../storage/tenants.ts';
import { forgetUniqueValues } from '../storage/unique-values.ts';
import { resourceIds } from '../storage/walk.ts';
import type { Removal } from './changes.ts';
import type { Context, Scope } from './context.ts';
import { changeDefinitions, type Registered } from './definitions.ts';
import { type Operator, operatorScope } from './operator.ts';
import { builtInNamed, unknownType } from './resource-types.ts';
import { usesOf } from './schema-uses.ts';
import { registeredSchema } from './schemas.ts';
import { CHANGES_AT_ONCE, writeAll } from './write-all.ts';

/**
 * Removes a registered resource type. While there are resources of it, it is refused with 409; with `deleteData` they are
 * deleted first, each with its event. The schemas of a built-in type go with it, unless another type uses them; others stay
 * registered. Gives how many resources were deleted.
 */
export async function removeType(
  context: Context,
  operator: Operator,
  tenant: Tenant,
  name: string,
  deleteData: boolean,
): Promise<number> {
  const scope = await operatorScope(context.db, operator, tenant);
  const { types } = scope.dialect.registry;
  const type = types.find((one) => one.name.toLowerCase() === name.toLowerCase());
  if (!type) throw unknownType(tenant, name, types);
  if (type.number < FIRST_REGISTERED_NUMBER) {
    throw new ScimError(409, `${type.name} ships with the server and can't be removed.`);
  }
  const clear = async () => (deleteData ? deleteAll(context, scope, type) : 0);
  const deleted = await clear();
  const detail = { name: type.name, dataDeleted: deleteData };
  const done = { kind: 'type-removed', attributes: ['resourceTypes'], detail } as const;
  await changeDefinitions(context, operator, tenant, done, (registered) => {
    const { types } = registered.registry;
    // Somebody else may have removed it meanwhile.
    if (!types.some(({ number }) => number === type.number)) throw unknownType(tenant, name, types);
    return withdrawType(registered, type, deleteData);
  });
  return deleted + (await clear());
}

async function withdrawType(registered: Registered, type: ResourceTypeDefinition, deleteData: boolean): Promise<void> {
  const { tx, tenantId, definitions, registry, at } = registered;
  const count = await countOfType(tx, tenantId, type.number);
  if (count > 0) {
    const instead = deleteData
      ? 'which were created meanwhile; stop those who create them, and remove it again.'
      : 'say data=delete (in commands: --data delete) to remove the type and them with it.';
    throw new ScimError(409, `The type ${type.name} has ${counted(count, 'resource')}; ${instead}`);
  }
  // Some may be left of a time when they were not unique; they would refuse the values if it is registered again.
  const numbers = numberedPaths(type).map(({ number }) => number);
  await forgetUniqueValues(tx, tenantId, numbers);
  await markRemoved(tx, tenantId, type.number, at);
  const others = { types: registry.types.filter(({ number }) => number !== type.number) };
  for (const { id } of builtInNamed(type.name)?.schemas ?? []) {
    if (registeredSchema(definitions, id) && usesOf(others, id).length === 0) await deleteSchema(tx, tenantId, id);
  }
}

async function deleteAll(context: Context, scope: Scope, type: ResourceTypeDefinition): Promise<number> {
  let deleted = 0;
  let batch: Removal[] = [];
  for await (const id of resourceIds(context.db, scope.tenantId, type.number)) {
    batch.push({ kind: 'delete', type, address: id, conditions: {} });
    if (batch.length < CHANGES_AT_ONCE) continue;
    deleted += await writeAll(context, scope, batch);
    batch = [];
  }
  return deleted + (await writeAll(context, scope, batch));
}
