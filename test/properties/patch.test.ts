import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ScimError } from '../../src/protocol/errors.ts';
import { applyPatch, type PatchOutcome } from '../../src/protocol/patch/apply.ts';
import { readPatchMessage } from '../../src/protocol/patch/message.ts';
import { ALL_QUIRKS, NO_QUIRKS, type QuirkSet } from '../../src/protocol/quirks/quirks.ts';
import { readResource } from '../../src/protocol/read-resource.ts';
import { replaceDocument } from '../../src/protocol/replace.ts';
import type { AttributeDefinition, AttributeType } from '../../src/schema/attribute.ts';
import { emptyObject, type JsonObject, type JsonValue, sameJson } from '../../src/schema/json.ts';
import { jsonTextOf, parseJson } from '../../src/schema/json-text.ts';
import { attributesOf, coreAttribute } from '../../src/schema/registry.ts';
import type { ResourceTypeDefinition } from '../../src/schema/resource-type.ts';
import { GROUP_TYPE, USER_TYPE } from '../../src/schema/resource-types.ts';
import { PATCH_OP } from '../../src/schema/urns.ts';
import { ROLE_SHAPES, userWithRoles } from '../support/dialects.ts';
import { resourceOf, SAMPLE_TYPE } from '../support/generators.ts';

const TYPES: [string, ResourceTypeDefinition][] = [
  ['User', USER_TYPE],
  ['Group', GROUP_TYPE],
  ['a type with every kind of attribute', SAMPLE_TYPE],
  ...ROLE_SHAPES.map((shape): [string, ResourceTypeDefinition] => [
    `User with roles as ${shape}`,
    userWithRoles(shape),
  ]),
];
const GRADES: [string, QuirkSet][] = [
  ['lenient', ALL_QUIRKS],
  ['strict', NO_QUIRKS],
];
// The letter of the RFCs, but for countries: a lenient tenant has what real clients call them.
const LETTER: QuirkSet = new Set(['countryNames']);
const CASES = TYPES.flatMap(([name, type]) => GRADES.map(([grade, quirks]) => [name, grade, type, quirks] as const));

type Operation = { op: string; path?: string; value?: JsonValue };

/** Documents as the server stores them. */
function documentsOf(type: ResourceTypeDefinition): fc.Arbitrary<JsonObject> {
  const roleNames = coreAttribute(type, 'roles')?.roleSet?.names;
  const roles: fc.Arbitrary<JsonObject> = roleNames
    ? fc.record({ roles: fc.subarray([...roleNames]) })
    : fc.constant({});
  const named = resourceOf(type).filter((body) => body[type.uniqueAttribute ?? 'id'] !== '');
  return fc.tuple(named, roles).map(([body, more]) => {
    const { schemas = [], ...rest } = readResource(type, { ...body, ...more }, NO_QUIRKS).document;
    return Object.assign(emptyObject(), { schemas, id: 'x1' }, rest);
  });
}

interface PatchTarget {
  readonly path: string;
  readonly value: fc.Arbitrary<JsonValue>;
}

const NONSENSE = fc.constantFrom<JsonValue>(
  'a',
  '',
  'admin',
  'True',
  true,
  null,
  7,
  1.5,
  [],
  {},
  ['a'],
  { value: 'a' },
  [{}],
);

// Few values, so that operations meet what others left.
const SIMPLE: Record<Exclude<AttributeType, 'complex'>, readonly JsonValue[]> = {
  string: ['a', 'b', 'work', 'home', ''],
  reference: ['a', '../Users/1'],
  boolean: [true, true, false, 'True'],
  integer: [0, 7],
  decimal: [0, 1.5],
  dateTime: ['2026-01-01T00:00:00Z', '2026-01-01T02:00:00+02:00'],
  binary: ['AQID', 'AQ'],
};

/** Values that mostly fit the attribute. */
function fitting(definition: AttributeDefinition): fc.Arbitrary<JsonValue> {
  if (definition.roleSet)
    return fc.oneof(fc.subarray([...definition.roleSet.names]), fc.constantFrom({ admin: true }, { member: 'False' }));
  const one: fc.Arbitrary<JsonValue> =
    definition.type === 'complex'
      ? complexOf(definition.subAttributes ?? [])
      : fc.constantFrom(...SIMPLE[definition.type]);
  const value = definition.multiValued ? fc.oneof(fc.array(one, { maxLength: 3 }), one) : one;
  return fc.oneof({ arbitrary: value, weight: 12 }, { arbitrary: NONSENSE, weight: 1 });
}

function complexOf(subs: readonly AttributeDefinition[]): fc.Arbitrary<JsonValue> {
  const record = Object.fromEntries(subs.map((sub) => [sub.name, fitting(sub)]));
  return fc.record(record, { requiredKeys: [] }).map((value) => Object.assign(emptyObject(), value));
}

/** Attributes, sub-attributes and elements, by path and by value path. */
function targetsOf(type: ResourceTypeDefinition): PatchTarget[] {
  return attributesOf(type).flatMap(({ path, attribute }) => {
    const subs = attribute.subAttributes ?? [];
    const within = (parent: string) => subs.map((sub) => ({ path: `${parent}.${sub.name}`, value: fitting(sub) }));
    const whole = { path, value: fitting(attribute) };
    if (!attribute.multiValued) return [whole, ...within(path)];
    const names = subs.map((sub) => sub.name);
    const filters = ['value eq "a"', 'value pr'];
    if (names.includes('type')) filters.push('type eq "work"', 'type eq "home" and value eq "a"', 'not (type pr)');
    if (names.includes('primary')) filters.push('primary eq true', 'type eq "work" and primary eq true');
    const selected = filters.map((filter) => ({
      path: `${path}[${filter}]`,
      value: fitting({ ...attribute, multiValued: false }),
    }));
    return [whole, whole, ...within(path), ...selected, ...selected.flatMap((one) => within(one.path))];
  });
}

function operationsOf(type: ResourceTypeDefinition): fc.Arbitrary<Operation[]> {
  // What is readOnly is refused whole, so little of it is enough.
  const writable = attributesOf(type).filter(({ attribute }) => attribute.mutability !== 'readOnly');
  const targets = targetsOf(type).filter(({ path }) => writable.some((one) => path.startsWith(one.path)));
  const others = [
    'id',
    'meta.created',
    'nothing',
    'emails[',
    '__proto__.x',
    ...type.extensions.map(({ schema }) => schema.id),
  ];
  const odd = others.map((path) => ({ path, value: NONSENSE }));
  const target = fc.oneof(
    { arbitrary: fc.constantFrom(...targets), weight: 40 },
    { arbitrary: fc.constantFrom(...odd), weight: 1 },
  );
  const withPath = target.chain(({ path, value }) =>
    fc.oneof(
      fc.record<Operation>({ op: fc.constantFrom('add', 'replace'), path: fc.constant(path), value }),
      fc.record<Operation>({ op: fc.constantFrom('add', 'replace'), path: fc.constant(path), value }),
      fc.constant<Operation>({ op: 'remove', path }),
    ),
  );
  const keys = target.chain(({ path, value }) => value.map((one): JsonObject => ({ [path]: one })));
  const withoutPath = fc.record<Operation>({
    op: fc.constantFrom('add', 'replace'),
    value: fc.oneof(documentsOf(type), keys),
  });
  const one = fc.oneof({ arbitrary: withPath, weight: 6 }, { arbitrary: withoutPath, weight: 1 });
  return fc.array(one, { minLength: 1, maxLength: 4 });
}

/** What a PATCH comes to, or undefined when it is refused; anything thrown but a SCIM error of status 400 fails the test. */
function outcomeOf(
  type: ResourceTypeDefinition,
  document: JsonObject,
  operations: Operation[],
  quirks: QuirkSet,
): PatchOutcome | undefined {
  try {
    const message = { schemas: [PATCH_OP], Operations: operations } as unknown as JsonObject;
    return applyPatch(type, document, readPatchMessage(message, quirks), quirks);
  } catch (error) {
    if (error instanceof ScimError && error.status === 400 && error.detail !== '') return undefined;
    throw error;
  }
}

/** The document as a client would send it back whole; what it lacks although it has a default is null. */
function sentBack(type: ResourceTypeDefinition, document: JsonObject): JsonObject {
  const cleared = attributesOf(type).filter(
    ({ path, attribute }) => attribute.defaultValue !== undefined && document[path] === undefined,
  );
  return { ...document, ...Object.fromEntries(cleared.map(({ path }) => [path, null])) };
}

describe.each(CASES)('PATCHes of %s, %s', (_, __, type, quirks) => {
  const documents = documentsOf(type);
  const operations = operationsOf(type);

  it('leave a document that can be sent back by the letter and stays as it is, or nothing at all', () => {
    fc.assert(
      fc.property(documents, operations, (document, sent) => {
        const before = JSON.stringify(document);
        const outcome = outcomeOf(type, document, sent, quirks);
        expect(JSON.stringify(document)).toBe(before);
        if (!outcome) return;
        const body = sentBack(type, outcome.document);
        const read = readResource(type, body, LETTER).document;
        expect(replaceDocument(type, outcome.document, read)).toEqual(outcome.document);
        expect(parseJson(jsonTextOf(outcome.document))).toEqual(outcome.document);
      }),
      { numRuns: 300 },
    );
  });

  it('are the same in one message and in several', () => {
    fc.assert(
      fc.property(documents, operations, fc.nat(4), (document, sent, cut) => {
        const whole = outcomeOf(type, document, sent, quirks);
        const parts = [sent.slice(0, cut), sent.slice(cut)].filter((part) => part.length > 0);
        let current: JsonObject | undefined = document;
        const memberships: PatchOutcome['memberships'][number][] = [];
        let password: PatchOutcome['password'];
        for (const part of parts) {
          const outcome: PatchOutcome | undefined = current && outcomeOf(type, current, part, quirks);
          current = outcome?.document;
          memberships.push(...(outcome?.memberships ?? []));
          if (outcome?.password !== undefined) password = outcome.password;
        }
        expect(current).toEqual(whole?.document);
        if (whole)
          expect({ memberships, password }).toEqual({ memberships: whole.memberships, password: whole.password });
      }),
      { numRuns: 300 },
    );
  });

  it('that set what is there already change nothing', () => {
    fc.assert(
      fc.property(documents, fc.constantFrom('add', 'replace'), (document, op) => {
        const targets = attributesOf(type).filter(
          ({ attribute }) => attribute.residence === 'document' && attribute.name !== 'schemas',
        );
        const each = targets.flatMap(({ path, extension, attribute }) => {
          const container = extension === undefined ? document : (document[extension] as JsonObject | undefined);
          const value = container?.[attribute.name];
          return value === undefined ? [] : [{ op, path, value }];
        });
        const { id: _id, ...whole } = document;
        const outcome = outcomeOf(type, document, [...each, { op, value: whole }], NO_QUIRKS);
        expect(outcome && sameJson(outcome.document, document)).toBe(true);
        expect(outcome?.memberships).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});
