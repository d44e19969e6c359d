import { invalidValue, ScimError } from '../protocol/errors.ts';
import { abridged } from '../protocol/json.ts';
import { type ExtensionReference, memberTypes } from '../schema/definitions.ts';
import { extensionSchema } from '../schema/registry.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import type { Database } from '../storage/database.ts';
import { countOfType } from '../storage/definition-data.ts';
import { setExtensions, updateType } from '../storage/definitions.ts';
import type { Registered } from './definitions.ts';
import { countCarrying } from './demands.ts';

/**
 * Makes a schema an extension of a resource type, or one that is required or not required any more; it can be required
 * only while no resource lacks it.
 */
export async function extendType(registered: Registered, typeName: string, asked: ExtensionReference): Promise<void> {
  const { tx, tenantId, definitions, registry, at } = registered;
  const extendable = memberTypes(registry);
  const types = registry.types.filter(({ number }) => extendable.includes(number));
  const type = types.find(({ name }) => name.toLowerCase() === typeName.toLowerCase());
  if (!type) {
    throw invalidValue(
      `There is no resource type "${abridged(typeName)}" to extend; the types are ${types.map(({ name }) => name).join(', ')}.`,
    );
  }
  const isNumbered = ({ number }: { number: number }) => number === type.number;
  const own = definitions.types.find(isNumbered);
  const before = (own ?? definitions.extended.find(isNumbered))?.extensions ?? [];
  const wanted = asked.schema.toLowerCase();
  const present = before.find(({ schema }) => schema.toLowerCase() === wanted);
  if (present?.required === asked.required) return;
  if (asked.required) await requireCarried(tx, tenantId, type, asked.schema);
  const extensions = present ? before.map((one) => (one === present ? asked : one)) : [...before, asked];
  if (own) await updateType(tx, tenantId, { ...own, extensions });
  else await setExtensions(tx, tenantId, { number: type.number, extensions }, type.name, at);
}

async function requireCarried(tx: Database, tenantId: string, type: ResourceTypeDefinition, urn: string) {
  const extension = extensionSchema(type, urn);
  const carrying = extension ? await countCarrying(tx, tenantId, { type, extension }) : 0;
  const lacking = (await countOfType(tx, tenantId, type.number)) - carrying;
  if (lacking === 0) return;
  throw new ScimError(
    409,
    `The extension can't be required: ${lacking} resources of the type ${type.name} lack it; make it not required.`,
  );
}
