import type { Demand, UniquePart } from '../protocol/definition/changes.ts';
import { ScimError } from '../protocol/errors.ts';
import { resolved } from '../schema/registry.ts';
import type { Database } from '../storage/database.ts';
import { countOfType, countWithValues, numbersOf } from '../storage/definition-data.ts';
import { forgetUniqueValues } from '../storage/unique-values.ts';
import type { SchemaUse } from './schema-uses.ts';

/** Refuses with 409 what a new version of a schema asks of resources that do not give it. */
export async function requireMet(
  tx: Database,
  tenantId: string,
  uses: readonly SchemaUse[],
  demand: Demand,
): Promise<void> {
  const { attribute, sub, change, needs } = demand;
  for (const use of uses) {
    const failing =
      needs === 'no value'
        ? await countHaving(tx, tenantId, use, demand)
        : await countLacking(tx, tenantId, use, demand);
    if (failing === 0) continue;
    const name = sub ? `${attribute.name}.${sub.name}` : attribute.name;
    const instead =
      needs === 'no value'
        ? 'have a value for it; remove those values first, or declare an attribute of another name'
        : 'have no value for it; give them one first while it is not required';
    throw new ScimError(
      409,
      `Attribute "${name}": ${change}, and ${failing} resources of the type ${use.type.name} ${instead}.`,
    );
  }
}

/** Frees the values of attributes that become unique; as that is allowed only without data, nobody has them. */
export async function beginUniqueness(
  tx: Database,
  tenantId: string,
  uses: readonly SchemaUse[],
  becoming: readonly UniquePart[],
): Promise<void> {
  const numbers = uses.flatMap(({ type, extension }) =>
    becoming.flatMap(({ attribute, sub }) => numbersOf(type, resolved(extension?.id, attribute, sub))),
  );
  await forgetUniqueValues(tx, tenantId, numbers);
}

function countHaving(tx: Database, tenantId: string, { type, extension }: SchemaUse, { attribute, sub }: Demand) {
  return countWithValues(tx, tenantId, numbersOf(type, resolved(extension?.id, attribute, sub)));
}

/** How many resources carry what the attribute belongs to and not the attribute. */
async function countLacking(tx: Database, tenantId: string, use: SchemaUse, demand: Demand): Promise<number> {
  const { attribute, sub } = demand;
  const carrying = sub
    ? await countHaving(tx, tenantId, use, { ...demand, sub: undefined })
    : await countCarrying(tx, tenantId, use);
  // Of a multi-valued attribute each value needs the sub-attribute, which is not counted.
  if (sub && attribute.multiValued) return carrying;
  return carrying - (await countHaving(tx, tenantId, use, demand));
}

/** How many resources carry the schema. */
export async function countCarrying(tx: Database, tenantId: string, { type, extension }: SchemaUse): Promise<number> {
  if (!extension) return countOfType(tx, tenantId, type.number);
  return countWithValues(tx, tenantId, numbersOfExtension({ type, extension }));
}

/** The numbers under which the values of an extension's attributes are stored. */
export function numbersOfExtension({ type, extension }: SchemaUse): number[] {
  return extension?.attributes.flatMap((attribute) => numbersOf(type, resolved(extension.id, attribute))) ?? [];
}
