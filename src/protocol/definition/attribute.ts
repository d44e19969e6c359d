import { type AttributeDefinition, type AttributeType, attribute } from '../../schema/attribute.ts';
import { isObject, type JsonValue } from '../../schema/json.ts';
import { kindOf } from '../json.ts';
import {
  MAX_CANONICAL_VALUE_LENGTH,
  MAX_CANONICAL_VALUES,
  MAX_DESCRIPTION_LENGTH,
  MAX_NAME_LENGTH,
  MAX_REFERENCE_TYPES,
  MAX_SUB_ATTRIBUTES,
} from './limits.ts';
import { choiceIn, listIn, type Members, membersOf, refusal, textIn, textsIn, truthIn } from './members.ts';
import { checkAttributeName, checkTypeName } from './names.ts';

const CHARACTERISTICS = [
  'name',
  'type',
  'multiValued',
  'description',
  'required',
  'canonicalValues',
  'caseExact',
  'mutability',
  'returned',
  'uniqueness',
  'referenceTypes',
  'subAttributes',
] as const;

const SIMPLE_TYPES = ['string', 'boolean', 'decimal', 'integer', 'dateTime', 'binary', 'reference'] as const;
const TYPES = [...SIMPLE_TYPES, 'complex'] as const;
const MUTABILITIES = ['readWrite', 'readOnly', 'immutable', 'writeOnly'] as const;
const RETURNED = ['default', 'always', 'never', 'request'] as const;
const UNIQUENESS = ['none', 'server', 'global'] as const;

/** Types without uniqueness (RFC 7643 §2.3.2, §2.3.5, §2.3.6, §2.3.8; erratum 6004). */
const NEVER_UNIQUE: readonly AttributeType[] = ['boolean', 'dateTime', 'binary', 'complex'];

/**
 * The attributes in a list of RFC 7643 §7; what one leaves out has the default of §2.2. With `parent`, they are its
 * sub-attributes.
 */
export function readAttributes(given: readonly JsonValue[], where: string, parent?: string): AttributeDefinition[] {
  const read: AttributeDefinition[] = [];
  for (const [index, one] of given.entries()) {
    const definition = readAttribute(one, `${where}[${index}]`, parent);
    const before = read.find(({ name }) => name.toLowerCase() === definition.name.toLowerCase());
    if (before) {
      throw refusal(
        attributeAt(definition.name, parent),
        `there is "${before.name}" already, and names count in any letter case (RFC 7643 §2.1); choose another name.`,
      );
    }
    read.push(definition);
  }
  return read;
}

function readAttribute(given: JsonValue, place: string, parent: string | undefined): AttributeDefinition {
  const members = membersOf(given, placeOf(given, place, parent), CHARACTERISTICS);
  const name = textIn(members, 'name', place, Number.POSITIVE_INFINITY);
  if (name === undefined) throw refusal(place, '"name" is missing; send the name of the attribute.');
  checkAttributeName(name, place, parent !== undefined);
  const where = attributeAt(name, parent);
  const type = typeIn(members, where, parent);
  const canonicalValues = canonicalValuesIn(members, where, type);
  const referenceTypes = referenceTypesIn(members, where, type);
  const subAttributes = subAttributesIn(members, where, type, name);
  const definition = attribute(name, textIn(members, 'description', where, MAX_DESCRIPTION_LENGTH) ?? '', {
    type,
    multiValued: truthIn(members, 'multiValued', where, false),
    required: truthIn(members, 'required', where, false),
    caseExact: caseExactIn(members, where, type),
    mutability: choiceIn(members, 'mutability', where, MUTABILITIES, 'readWrite'),
    returned: choiceIn(members, 'returned', where, RETURNED, 'default'),
    uniqueness: uniquenessIn(members, where, type),
    ...(canonicalValues ? { canonicalValues } : {}),
    ...(referenceTypes ? { referenceTypes } : {}),
    ...(subAttributes ? { subAttributes } : {}),
  });
  checkTogether(definition, where);
  return definition;
}

/** How refusals name an attribute, or a sub-attribute of `parent`. */
export function attributeAt(name: string, parent?: string): string {
  return `Attribute "${parent === undefined ? name : `${parent}.${name}`}"`;
}

/** Names the attribute already where its members are wrong, if it has a name to be called by. */
function placeOf(given: JsonValue, place: string, parent: string | undefined): string {
  const name = isObject(given) ? given.name : undefined;
  const isShort = typeof name === 'string' && name !== '' && name.length <= MAX_NAME_LENGTH;
  return isShort ? attributeAt(name, parent) : place;
}

function typeIn(members: Members, where: string, parent: string | undefined): AttributeType {
  if (parent !== undefined && members.get('type') === 'complex') {
    throw refusal(
      where,
      '"type" is complex, and a complex attribute can not hold another (RFC 7643 §2.3.8, errata 8415 and 8435); ' +
        'make it an attribute of its own, or give it a simple type.',
    );
  }
  return choiceIn(members, 'type', where, parent === undefined ? TYPES : SIMPLE_TYPES, 'string');
}

function canonicalValuesIn(members: Members, where: string, type: AttributeType): string[] | undefined {
  const values = textsIn(members, 'canonicalValues', where, MAX_CANONICAL_VALUES, MAX_CANONICAL_VALUE_LENGTH);
  if (values && type !== 'string') {
    throw refusal(where, `"canonicalValues" is for strings, and the type is ${type}; leave it out.`);
  }
  return values;
}

function referenceTypesIn(members: Members, where: string, type: AttributeType): string[] | undefined {
  const names = textsIn(members, 'referenceTypes', where, MAX_REFERENCE_TYPES, MAX_NAME_LENGTH);
  if (type !== 'reference') {
    if (names) throw refusal(where, `"referenceTypes" is for references, and the type is ${type}; leave it out.`);
    return undefined;
  }
  if (!names) {
    throw refusal(
      where,
      '"referenceTypes" is missing; send ["external"], ["uri"], or the names of resource types such as ["User"].',
    );
  }
  for (const name of names) checkTypeName(name, where);
  return names;
}

function subAttributesIn(members: Members, where: string, type: AttributeType, name: string) {
  const given = listIn(members, 'subAttributes', where, MAX_SUB_ATTRIBUTES);
  if (type !== 'complex') {
    if (given && given.length > 0) {
      throw refusal(where, `"subAttributes" is for complex attributes; leave it out, or make "type" complex.`);
    }
    return undefined;
  }
  if (!given || given.length === 0) {
    throw refusal(where, 'a complex attribute needs "subAttributes"; send at least one, or give it a simple type.');
  }
  return readAttributes(given, `${where}: subAttributes`, name);
}

/** RFC 7643 §2.3.6: binary values are case-exact whatever is said; references are unless it is said. */
function caseExactIn(members: Members, where: string, type: AttributeType): boolean {
  const given = truthIn(members, 'caseExact', where, type === 'reference');
  if (type === 'binary') return true;
  return (type === 'string' || type === 'reference') && given;
}

function uniquenessIn(members: Members, where: string, type: AttributeType) {
  const given = choiceIn(members, 'uniqueness', where, UNIQUENESS, 'none');
  if (given !== 'none' && NEVER_UNIQUE.includes(type)) {
    throw refusal(where, `"uniqueness" is ${given}, which no ${type} attribute can have (RFC 7643 §2.3); send none.`);
  }
  return given;
}

/** What the characteristics say together. */
function checkTogether({ mutability, required, returned }: AttributeDefinition, where: string): void {
  if (required && mutability === 'readOnly') {
    throw refusal(
      where,
      'it is required and readOnly, so that nobody could ever send the value that it must have; ' +
        'send "required": false or another mutability.',
    );
  }
  if (mutability === 'writeOnly' && returned !== 'never') {
    throw refusal(
      where,
      `it is writeOnly, so it is not returned (RFC 7643 §7), and "returned" is ${kindOf(returned)}; send "never".`,
    );
  }
}
