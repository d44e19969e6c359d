import type { ExtensionReference, TypeDefinition } from '../../schema/definitions.ts';
import type { JsonValue } from '../../schema/json.ts';
import { RESOURCE_TYPE_SCHEMA } from '../../schema/urns.ts';
import { abridged } from '../json.ts';
import { MAX_DESCRIPTION_LENGTH, MAX_EXTENSIONS } from './limits.ts';
import { listIn, type Members, membersOf, refusal, textIn, truthIn } from './members.ts';
import { checkEndpoint, checkTypeName, checkUrn } from './names.ts';
import { checkKind } from './schema.ts';

const WHERE = 'The resource type';
const MEMBERS = ['schemas', 'id', 'name', 'description', 'endpoint', 'schema', 'schemaExtensions', 'meta'] as const;

/** The resource type in its JSON of RFC 7643 §6; throws a 400 that says what to write instead. */
export function readResourceType(given: JsonValue): TypeDefinition {
  const members = membersOf(given, WHERE, MEMBERS);
  checkKind(members, WHERE, RESOURCE_TYPE_SCHEMA);
  const name = needed(members, 'name', 'its name, such as Device');
  checkTypeName(name, WHERE);
  const id = textIn(members, 'id', WHERE, Number.POSITIVE_INFINITY);
  if (id !== undefined && id !== name) {
    throw refusal(WHERE, `"id" is "${abridged(id)}", but the id of a resource type is its name; leave it out.`);
  }
  const endpoint = needed(members, 'endpoint', 'the path of its resources, such as /Devices');
  checkEndpoint(endpoint, WHERE);
  const schema = needed(members, 'schema', 'the URN of a registered schema');
  checkUrn(schema, WHERE, 'schema');
  const description = textIn(members, 'description', WHERE, MAX_DESCRIPTION_LENGTH) ?? '';
  const extensions = readExtensions(listIn(members, 'schemaExtensions', WHERE, MAX_EXTENSIONS) ?? []);
  const all = [schema, ...extensions.map((extension) => extension.schema)].map((urn) => urn.toLowerCase());
  const twice = all.find((urn, index) => all.indexOf(urn) !== index);
  if (twice !== undefined) throw refusal(WHERE, `it names the schema "${twice}" more than once; name it once.`);
  return { name, description, endpoint, schema, extensions };
}

function readExtensions(given: readonly JsonValue[]): ExtensionReference[] {
  return given.map((one, index) => {
    const where = `schemaExtensions[${index}]`;
    const members = membersOf(one, where, ['schema', 'required']);
    const schema = textIn(members, 'schema', where, Number.POSITIVE_INFINITY);
    if (schema === undefined) throw refusal(where, '"schema" is missing; send the URN of a registered schema.');
    checkUrn(schema, where, 'schema');
    return { schema, required: truthIn(members, 'required', where, false) };
  });
}

function needed(members: Members, name: string, what: string): string {
  const value = textIn(members, name, WHERE, Number.POSITIVE_INFINITY);
  if (value !== undefined) return value;
  throw refusal(WHERE, `"${name}" is missing; send ${what}.`);
}
