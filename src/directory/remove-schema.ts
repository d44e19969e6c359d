import { ScimError } from '../protocol/errors.ts';
import { copyOf, type JsonObject } from '../schema/json.ts';
import { inTransaction } from '../storage/database.ts';
import { forgetValues, idsWithValues } from '../storage/definition-data.ts';
import { deleteSchema, readDefinitions, setExtensions, updateType } from '../storage/definitions.ts';
import { lockResources } from '../storage/resources.ts';
import type { Tenant } from '../storage/tenants.ts';
import { forgetUniqueValues } from '../storage/unique-values.ts';
import type { Mutation } from './changes.ts';
import type { Context, Scope } from './context.ts';
import { changeDefinitions, type Registered } from './definitions.ts';
import { countCarrying, numbersOfExtension } from './demands.ts';
import { type Operator, operatorScope } from './operator.ts';
import { type SchemaUse, usesOf } from './schema-uses.ts';
import { registeredSchema, unknownSchema } from './schemas.ts';
import { CHANGES_AT_ONCE, writeAll } from './write-all.ts';

/**
 * Removes a registered schema, which is then no extension of any type. While resources have data of it, it is refused with
 * 409; with `deleteData` the data is taken from them first, in changes of their own. Gives how many resources that changed.
 */
export async function removeSchema(
  context: Context,
  operator: Operator,
  tenant: Tenant,
  urn: string,
  deleteData: boolean,
): Promise<number> {
  const definitions = await readDefinitions(context.db, tenant.id);
  const schema = registeredSchema(definitions, urn);
  if (!schema) throw unknownSchema(tenant, urn, definitions);
  // The scope knows the schema for good: what is written after its removal by those who did not know of it is found too.
  const scope = await operatorScope(context.db, operator, tenant);
  const uses = usesOf(scope.dialect.registry, schema.id);
  refuseCore(schema.id, uses);
  const clear = async () => (deleteData ? takeData(context, scope, uses) : 0);
  const changed = await clear();
  const detail = { urn: schema.id, dataDeleted: deleteData };
  const done = { kind: 'schema-removed', attributes: ['schemas'], detail } as const;
  await changeDefinitions(context, operator, tenant, done, (registered) => {
    // Somebody else may have removed it meanwhile.
    if (!registeredSchema(registered.definitions, urn)) throw unknownSchema(tenant, urn, registered.definitions);
    return withdraw(registered, schema.id);
  });
  return changed + (await clear());
}

/** Takes the schema out of what is registered; 409 while resources have data of it. */
async function withdraw({ tx, tenantId, definitions, registry, at }: Registered, urn: string): Promise<void> {
  const uses = usesOf(registry, urn);
  refuseCore(urn, uses);
  for (const use of uses) {
    const count = await countCarrying(tx, tenantId, use);
    if (count === 0) continue;
    throw new ScimError(
      409,
      `${count} resources of the type ${use.type.name} have data of ${urn}; say data=delete (in commands: --data delete) to ` +
        'remove the schema and that data with it.',
    );
  }
  // Some may be left of a time when they were not unique; they would refuse the values if it is registered again.
  await forgetUniqueValues(tx, tenantId, uses.flatMap(numbersOfExtension));
  const isOther = ({ schema }: { schema: string }) => schema.toLowerCase() !== urn.toLowerCase();
  for (const { type } of uses) {
    const own = definitions.types.find(({ number }) => number === type.number);
    if (own) await updateType(tx, tenantId, { ...own, extensions: own.extensions.filter(isOther) });
    const extended = definitions.extended.find(({ number }) => number === type.number);
    if (!extended) continue;
    await setExtensions(tx, tenantId, { ...extended, extensions: extended.extensions.filter(isOther) }, type.name, at);
  }
  await deleteSchema(tx, tenantId, urn);
}

function refuseCore(urn: string, uses: readonly SchemaUse[]): void {
  const core = uses.filter(({ extension }) => !extension).map(({ type }) => type.name);
  if (core.length === 0) return;
  throw new ScimError(
    409,
    `${urn} is the schema of the resource type ${core.join(' and ')}; remove the resource type first.`,
  );
}

/** Takes the data of the extension from all resources. */
async function takeData(context: Context, scope: Scope, uses: readonly SchemaUse[]): Promise<number> {
  let changed = 0;
  for (const use of uses) {
    const numbers = numbersOfExtension(use);
    let last: string | undefined;
    for (;;) {
      const ids = await idsWithValues(context.db, scope.tenantId, numbers, last, CHANGES_AT_ONCE);
      changed += await writeAll(
        context,
        scope,
        ids.map((id) => without(use, id)),
      );
      await forgetStrays(context, scope, use, ids);
      last = ids.at(-1);
      if (ids.length < CHANGES_AT_ONCE) break;
    }
  }
  return changed;
}

/**
 * Forgets indexed values of resources that have no data of the extension: who wrote one without knowing of the schema yet
 * left them behind, and no change of the document takes them away.
 */
async function forgetStrays(context: Context, scope: Scope, use: SchemaUse, ids: readonly string[]): Promise<void> {
  const { type, extension } = use;
  if (!extension || ids.length === 0) return;
  await inTransaction(context.db, async (tx) => {
    const locked = await lockResources(tx, scope.tenantId, ids);
    const strays = [...locked.values()].filter(
      ({ doc }) => !Object.hasOwn(JSON.parse(doc) as JsonObject, extension.id),
    );
    const numbers = numbersOfExtension({ type, extension });
    const owners = strays.map(({ id }) => id);
    await forgetValues(tx, scope.tenantId, numbers, owners);
  });
}

function without({ type, extension }: SchemaUse, id: string): Mutation {
  const mutate: Mutation['mutate'] = (current) => {
    const document = copyOf(current);
    if (!extension) return { document, memberships: [], password: undefined };
    delete document[extension.id];
    // Others may have been registered since the type was read, so the list is not made anew.
    const { schemas } = document;
    if (Array.isArray(schemas)) document.schemas = schemas.filter((urn) => urn !== extension.id);
    return { document, memberships: [], password: undefined };
  };
  return { kind: 'patch', type, address: id, conditions: {}, mutate };
}
