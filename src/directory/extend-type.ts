import { invalidValue, ScimError } from '../protocol/errors.ts';
import { abridged } from '../protocol/json.ts';
import { type ExtensionReference, memberTypes } from '../schema/definitions.ts';
import { countOfType } from '../storage/definition-data.ts';
import { setExtensions, updateType } from '../storage/definitions.ts';
import type { Registered } from './definitions.ts';

/** Gives a resource type one more extension; a required one only while there is no resource that could lack it. */
export async function extendType(registered: Registered, typeName: string, added: ExtensionReference): Promise<void> {
  const { tx, tenantId, definitions, registry, at } = registered;
  const extendable = memberTypes(registry);
  const types = registry.types.filter(({ number }) => extendable.includes(number));
  const type = types.find(({ name }) => name.toLowerCase() === typeName.toLowerCase());
  if (!type) {
    throw invalidValue(
      `There is no resource type "${abridged(typeName)}" to extend; the types are ${types.map(({ name }) => name).join(', ')}.`,
    );
  }
  const count = added.required ? await countOfType(tx, tenantId, type.number) : 0;
  if (count > 0) {
    throw new ScimError(
      409,
      `The extension can't be required: ${count} resources of the type ${type.name} lack it; register it as not required.`,
    );
  }
  const own = definitions.types.find(({ number }) => number === type.number);
  if (own) {
    await updateType(tx, tenantId, { ...own, extensions: [...own.extensions, added] });
    return;
  }
  const before = definitions.extended.find(({ number }) => number === type.number)?.extensions ?? [];
  await setExtensions(tx, tenantId, { number: type.number, extensions: [...before, added] }, type.name, at);
}
