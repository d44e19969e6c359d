import type { AttributeDefinition } from '../../schema/attribute.ts';
import { type Definitions, type ExtensionReference, schemaNamed, typesWith } from '../../schema/definitions.ts';
import { DISCOVERY_SCHEMAS } from '../../schema/discovery.ts';
import { attributesOf, schemasOf } from '../../schema/registry.ts';
import type { ResourceTypeDefinition, SchemaDefinition } from '../../schema/resource-type.ts';
import { VIEW_TYPES } from '../../schema/views.ts';
import { invalidValue } from '../errors.ts';
import { MAX_ATTRIBUTES_OF_TYPE, MAX_EXTENSIONS, MAX_SCHEMAS, MAX_TYPES } from './limits.ts';

/** Endpoints that the server has, or will have where a feature is switched on. */
const RESERVED_ENDPOINTS = [
  '/Me',
  '/Bulk',
  '/Schemas',
  '/ResourceTypes',
  '/ServiceProviderConfig',
  '/Users',
  '/Groups',
  ...VIEW_TYPES.map(({ endpoint }) => endpoint),
];

/** Names of what those endpoints serve, and the two of `referenceTypes` that name no type (RFC 7643 §7). */
const RESERVED_NAMES = [
  'User',
  'Group',
  'Schema',
  'ResourceType',
  'ServiceProviderConfig',
  ...VIEW_TYPES.map(({ name }) => name),
  'external',
  'uri',
];

/** URNs of what the features serve. */
const RESERVED_URNS = VIEW_TYPES.map(({ schema }) => schema.id);

/**
 * Checks that what a tenant registered goes together, and with the types that ship; throws a 400 that says what to choose
 * instead. Afterwards the registry can be built.
 */
export function checkDefinitions(definitions: Definitions, shipped: readonly ResourceTypeDefinition[]): void {
  const { schemas, types, extended } = definitions;
  if (schemas.length > MAX_SCHEMAS) throw invalidValue(`A tenant has at most ${MAX_SCHEMAS} schemas of its own.`);
  if (types.length > MAX_TYPES) throw invalidValue(`A tenant has at most ${MAX_TYPES} resource types of its own.`);
  checkUrns(schemas, shipped);
  checkTaken(
    types.map(({ name }) => name),
    RESERVED_NAMES,
    'name',
  );
  checkTaken(
    types.map(({ endpoint }) => endpoint),
    RESERVED_ENDPOINTS,
    'endpoint',
  );
  for (const { name, schema, extensions } of types) {
    requireSchema(definitions, schema);
    checkExtensions(definitions, name, [schema], extensions);
  }
  for (const { number, extensions } of extended) {
    const type = shipped.find((candidate) => candidate.number === number);
    const own = type ? [type.schema, ...type.extensions.map(({ schema }) => schema)] : [];
    checkExtensions(
      definitions,
      type?.name ?? '',
      own.map(({ id }) => id),
      extensions,
    );
  }
  for (const type of typesWith(shipped, definitions)) {
    checkSize(type);
    if (!shipped.some(({ number }) => number === type.number)) checkDisplayName(type);
  }
}

function checkUrns(schemas: readonly SchemaDefinition[], shipped: readonly ResourceTypeDefinition[]): void {
  const known = [...schemasOf({ types: shipped }), ...DISCOVERY_SCHEMAS];
  const reserved = [...known.map(({ id }) => id), ...RESERVED_URNS].map((urn) => urn.toLowerCase());
  for (const { id } of schemas) {
    if (!reserved.includes(id.toLowerCase())) continue;
    throw invalidValue(`The schema ${id} is the server's own; register yours under a URN of its own.`);
  }
  for (const schema of schemas) {
    for (const other of [...known, ...schemas]) {
      checkApart(schema, other);
      checkApart(other, schema);
    }
  }
}

/** Paths begin with the URN of their schema, so no URN may read as an attribute of another schema. */
function checkApart(schema: SchemaDefinition, { id }: SchemaDefinition): void {
  if (!names(schema, id)) return;
  throw invalidValue(
    `The URN ${id} can't be told from an attribute of ${schema.id}; choose a URN that does not begin with the other.`,
  );
}

/** Whether the URN is also the path of an attribute of the schema. */
function names(schema: SchemaDefinition, urn: string): boolean {
  const prefix = `${schema.id}:`.toLowerCase();
  const [name] = urn.toLowerCase().slice(prefix.length).split('.');
  if (!urn.toLowerCase().startsWith(prefix)) return false;
  return schema.attributes.some((attribute) => attribute.name.toLowerCase() === name);
}

function checkTaken(given: readonly string[], reserved: readonly string[], what: string): void {
  const seen = new Set(reserved.map((text) => text.toLowerCase()));
  for (const text of given) {
    if (seen.has(text.toLowerCase())) {
      throw invalidValue(`The ${what} ${text} is taken, and letter case makes no difference; choose another ${what}.`);
    }
    seen.add(text.toLowerCase());
  }
}

function checkExtensions(
  definitions: Definitions,
  typeName: string,
  own: readonly string[],
  extensions: readonly ExtensionReference[],
): void {
  if (extensions.length > MAX_EXTENSIONS) {
    throw invalidValue(
      `${typeName} has ${extensions.length} registered extensions; at most ${MAX_EXTENSIONS} are taken.`,
    );
  }
  const seen = new Set(own.map((urn) => urn.toLowerCase()));
  for (const { schema, required } of extensions) {
    requireSchema(definitions, schema);
    if (required && !schemaNamed(definitions, schema)?.attributes.some(isWritable)) {
      throw invalidValue(
        `The extension ${schema} can't be required of ${typeName}: it has no attribute that a client may write, so nobody ` +
          'could send it. Declare one, or make it not required.',
      );
    }
    if (seen.has(schema.toLowerCase()))
      throw invalidValue(`${typeName} has the schema ${schema} already; name it once.`);
    seen.add(schema.toLowerCase());
  }
}

function isWritable({ mutability, subAttributes }: AttributeDefinition): boolean {
  return mutability !== 'readOnly' && (!subAttributes || subAttributes.some(isWritable));
}

function requireSchema(definitions: Definitions, urn: string): void {
  if (!schemaNamed(definitions, urn)) throw invalidValue(`There is no schema ${urn}; register the schema first.`);
}

function checkSize(type: ResourceTypeDefinition): void {
  const count = attributesOf(type).length;
  if (count > MAX_ATTRIBUTES_OF_TYPE) {
    throw invalidValue(
      `${type.name} has ${count} attributes with all its extensions; at most ${MAX_ATTRIBUTES_OF_TYPE} are taken.`,
    );
  }
}

/** References show resources by their displayName (`members.display`), so it has to be a text like that of others. */
function checkDisplayName({ name, schema }: ResourceTypeDefinition): void {
  const found = schema.attributes.find((attribute) => attribute.name.toLowerCase() === 'displayname');
  if (!found) return;
  const isFit = found.name === 'displayName' && found.type === 'string' && !found.multiValued && !found.caseExact;
  if (isFit) return;
  throw invalidValue(
    `Attribute "${found.name}" of ${name}: groups show their members by it; spell it displayName and make it a ` +
      'single string that is not caseExact, or choose another name.',
  );
}
