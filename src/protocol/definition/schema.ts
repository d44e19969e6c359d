import type { AttributeDefinition } from '../../schema/attribute.ts';
import { COMMON_ATTRIBUTES } from '../../schema/common.ts';
import type { JsonValue } from '../../schema/json.ts';
import type { SchemaDefinition } from '../../schema/resource-type.ts';
import { SCHEMA_SCHEMA } from '../../schema/urns.ts';
import { abridged } from '../json.ts';
import { readAttributes } from './attribute.ts';
import { MAX_ATTRIBUTES, MAX_DESCRIPTION_LENGTH, MAX_NAME_LENGTH } from './limits.ts';
import { listIn, type Members, membersOf, refusal, textIn } from './members.ts';
import { checkUrn } from './names.ts';

const WHERE = 'The schema';
const COMPARED = ['type', 'multiValued', 'caseExact', 'mutability', 'returned', 'uniqueness'] as const;
const MEMBERS = ['schemas', 'id', 'name', 'description', 'attributes', 'meta'] as const;

/**
 * The schema in its JSON of RFC 7643 §7, as /Schemas serves it too; throws a 400 that names the attribute and says what to
 * write instead.
 */
export function readSchema(given: JsonValue): SchemaDefinition {
  const members = membersOf(given, WHERE, MEMBERS);
  checkKind(members, WHERE, SCHEMA_SCHEMA);
  const id = textIn(members, 'id', WHERE, Number.POSITIVE_INFINITY);
  if (id === undefined) throw refusal(WHERE, '"id" is missing; send the URN of the schema.');
  checkUrn(id, WHERE, 'id');
  const attributes = listIn(members, 'attributes', WHERE, MAX_ATTRIBUTES);
  if (!attributes) throw refusal(WHERE, '"attributes" is missing; send the array of the attributes that it declares.');
  return {
    id,
    name: textIn(members, 'name', WHERE, MAX_NAME_LENGTH) ?? lastPart(id),
    description: textIn(members, 'description', WHERE, MAX_DESCRIPTION_LENGTH) ?? '',
    attributes: readAttributes(attributes, 'attributes').filter((attribute) => !isCommon(attribute)),
  };
}

/** Refuses a document that says of itself to be of another kind; one that says nothing is taken for what was asked for. */
export function checkKind(members: Members, where: string, urn: string): void {
  const given = members.get('schemas');
  const urns = Array.isArray(given) ? given : given === undefined ? [urn] : [given];
  if (urns.some((one) => typeof one === 'string' && one.toLowerCase() === urn.toLowerCase())) return;
  throw refusal(where, `"schemas" names another kind of document; send "schemas": ["${urn}"].`);
}

/**
 * RFC 7643 §3.1: a schema may list common attributes. One that is listed with other characteristics than the RFC's is meant
 * to be something else, and is refused.
 */
function isCommon(attribute: AttributeDefinition): boolean {
  const common = COMMON_ATTRIBUTES.find(({ name }) => name.toLowerCase() === attribute.name.toLowerCase());
  if (!common) return false;
  if (COMPARED.every((characteristic) => common[characteristic] === attribute[characteristic])) return true;
  throw refusal(
    `Attribute "${attribute.name}"`,
    `every resource has a ${common.name} of its own kind (RFC 7643 §3.1); choose another name.`,
  );
}

function lastPart(urn: string): string {
  return abridged(urn.slice(urn.lastIndexOf(':') + 1), MAX_NAME_LENGTH - 1);
}
