import fc from 'fast-check';
import type {
  CheckedFilter,
  CompareOperator,
  Filter,
  FilterValue,
  ParsedFilter,
} from '../../src/protocol/filter/ast.ts';
import { printFilter } from '../../src/protocol/filter/print.ts';
import { type AttributeDefinition, complex } from '../../src/schema/attribute.ts';
import { fold } from '../../src/schema/fold.ts';
import { emptyObject, isObject, type JsonObject, type JsonValue } from '../../src/schema/json.ts';
import type { ExactNumber } from '../../src/schema/number.ts';
import { attributesOf, leafOf, type ResolvedAttribute, resolved } from '../../src/schema/registry.ts';
import type { ResourceTypeDefinition, SchemaDefinition } from '../../src/schema/resource-type.ts';
import { IDS, INSTANTS, POOLS, SHORT_STRINGS } from './sample-type.ts';

export { SAMPLE_TYPE } from './sample-type.ts';

/** A resource to store: its document (with `schemas` and `id`), and when it was created. */
export interface Sample {
  readonly document: JsonObject;
  readonly at: Date;
}

/** What `meta.location` begins with in resources made by `served`. */
export const LOCATION_PREFIX = 'http://localhost/scim/v2/Samples/';

/** A value of a simple attribute, out of its small pool. */
function simpleOf(
  definition: AttributeDefinition,
  short = false,
): fc.Arbitrary<string | number | boolean | ExactNumber> {
  if (definition.type === 'complex') throw new Error(`${definition.name} is complex`);
  if (definition.format === 'country') return fc.constantFrom('DE', 'us');
  if (definition.type === 'string' && short) return fc.constantFrom(...SHORT_STRINGS);
  return fc.constantFrom<string | number | boolean | ExactNumber>(...POOLS[definition.type]);
}

function singleOf(definition: AttributeDefinition, short: boolean): fc.Arbitrary<JsonValue> {
  if (definition.type !== 'complex') return simpleOf(definition, short);
  const parts = (definition.subAttributes ?? []).filter((sub) => sub.residence === 'document');
  return fc
    .record(Object.fromEntries(parts.map((sub) => [sub.name, anyOf(sub)])), { requiredKeys: [] })
    .filter((value) => Object.keys(value).length > 0)
    .map((value) => Object.assign(emptyObject(), value));
}

function anyOf(definition: AttributeDefinition, short = false): fc.Arbitrary<JsonValue> {
  const single = singleOf(definition, short);
  if (!definition.multiValued) return single;
  return fc.array(single, { minLength: 1, maxLength: 4 }).map(withOnePrimary);
}

// RFC 7643 §2.4: `primary` is true for at most one value.
function withOnePrimary(elements: JsonValue[]): JsonValue[] {
  let seen = false;
  return elements.map((element) => {
    if (!isObject(element) || element.primary !== true) return element;
    if (seen) return Object.assign(emptyObject(), element, { primary: false });
    seen = true;
    return element;
  });
}

/** Documents that are valid for the type, as they are stored: without what lives in columns or rows, with `schemas`. */
export function resourceOf(type: ResourceTypeDefinition): fc.Arbitrary<JsonObject> {
  const core = attributesOf(type).filter(
    ({ extension, attribute: { name, residence } }) =>
      extension === undefined && residence === 'document' && name !== 'schemas',
  );
  // Keys are limited to 500 characters.
  const isKey = (name: string) => name === 'externalId' || name === type.uniqueAttribute;
  const extensions = type.extensions.map(({ schema }) => schema);
  const record = fc.record(
    Object.fromEntries([
      ...core.map(({ attribute: { name }, attribute: definition }) => [name, anyOf(definition, isKey(name))]),
      ...extensions.map((schema) => [schema.id, extensionOf(schema)]),
    ]) as Record<string, fc.Arbitrary<JsonValue>>,
    { requiredKeys: core.filter(({ attribute: { required } }) => required).map(({ attribute: { name } }) => name) },
  );
  return record.map((value) => {
    const document: JsonObject = Object.assign(emptyObject(), value);
    document.schemas = [type.schema.id, ...extensions.map(({ id }) => id).filter((id) => Object.hasOwn(value, id))];
    return document;
  });
}

function extensionOf(schema: SchemaDefinition): fc.Arbitrary<JsonValue> {
  return singleOf(complex(schema.id, schema.description, schema.attributes), false);
}

/** Several resources of the type with ids of their own, no two with the same unique key. */
export function samplesOf(type: ResourceTypeDefinition, maxLength = 8): fc.Arbitrary<Sample[]> {
  const one = fc.record({ document: resourceOf(type), at: fc.constantFrom(...INSTANTS).map((text) => new Date(text)) });
  const unique = type.uniqueAttribute;
  const samples = fc.uniqueArray(one, {
    minLength: 1,
    maxLength: Math.min(maxLength, IDS.length),
    selector: ({ document }) => (unique === undefined ? document : fold(String(document[unique]))),
  });
  return samples.map((list) =>
    list.map(({ document, at }, index) => ({
      document: Object.assign(emptyObject(), document, { id: IDS[index] }),
      at,
    })),
  );
}

/** The resource as it is served at its first version: the document with its `meta`. */
export function served(type: ResourceTypeDefinition, { document, at }: Sample): JsonObject {
  const meta: JsonObject = Object.assign(emptyObject(), {
    resourceType: type.name,
    created: at.toISOString(),
    lastModified: at.toISOString(),
    location: `${LOCATION_PREFIX}${String(document.id)}`,
    version: 'W/"1"',
  });
  return Object.assign(emptyObject(), document, { meta });
}

/** Every path of the type that a filter may compare, sub-attributes included. */
export function comparablePathsOf(type: ResourceTypeDefinition): ResolvedAttribute[] {
  return attributesOf(type).flatMap((one) => (isHidden(one.attribute) ? [] : comparableWithin(one)));
}

function comparableWithin(parent: ResolvedAttribute): ResolvedAttribute[] {
  const subs = parent.attribute.subAttributes;
  return subs ? subs.map((sub) => resolved(parent.extension, parent.attribute, sub)) : [parent];
}

function isHidden({ residence, returned }: AttributeDefinition): boolean {
  return residence === 'hash' || returned === 'never';
}

const EQUALITY = ['eq', 'ne'] as const;
const ORDER = ['gt', 'ge', 'lt', 'le'] as const;
const SUBSTRING = ['co', 'sw', 'ew'] as const;

function operatorFor(definition: AttributeDefinition): fc.Arbitrary<CompareOperator> {
  switch (definition.type) {
    case 'boolean':
    case 'binary':
      return fc.constantFrom<CompareOperator>(...EQUALITY);
    case 'integer':
    case 'decimal':
    case 'dateTime':
      return fc.constantFrom<CompareOperator>(...EQUALITY, ...ORDER);
    default:
      return fc.constantFrom<CompareOperator>(...EQUALITY, ...ORDER, ...SUBSTRING);
  }
}

// What a needle can be of a value: itself, a part of it, or either in another letter case. Cut by code points.
function needleIn(values: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .tuple(
      values,
      fc.integer({ min: 0, max: 3 }),
      fc.integer({ min: 0, max: 5 }),
      fc.constantFrom('as is', 'up', 'down'),
    )
    .map(([value, cut, by, letters]) => {
      const points = [...value];
      const part = {
        0: points,
        1: points.slice(by),
        2: points.slice(0, points.length - by),
        3: points.slice(by, by + 3),
      };
      const text = part[cut as 0 | 1 | 2 | 3].join('');
      if (letters === 'up') return text.toUpperCase();
      return letters === 'down' ? text.toLowerCase() : text;
    });
}

/** A value to compare the attribute with; for the server's own attributes, out of what `served` makes. */
function needleFor(type: ResourceTypeDefinition, path: ResolvedAttribute): fc.Arbitrary<FilterValue> {
  const own: Record<string, readonly string[]> = {
    schemas: [type.schema.id, ...type.extensions.map(({ schema }) => schema.id)],
    id: IDS,
    'meta.resourceType': [type.name, 'User'],
    'meta.location': IDS.map((id) => LOCATION_PREFIX + id),
    'meta.version': ['W/"1"', 'W/"2"'],
  };
  const leaf = leafOf(path);
  // A checked filter asks for what is not true instead of what is false (RFC 7643 §2.4).
  if (leaf.name === 'primary' && path.attribute.multiValued) return fc.constant(true);
  const pool = Object.hasOwn(own, path.path) ? own[path.path] : undefined;
  if (pool) return needleIn(fc.constantFrom(...pool));
  if (leaf.type === 'string' || leaf.type === 'reference') return needleIn(simpleOf(leaf) as fc.Arbitrary<string>);
  return simpleOf(leaf);
}

function compareFor(type: ResourceTypeDefinition, path: ResolvedAttribute): fc.Arbitrary<CheckedFilter> {
  return fc
    .record({ operator: operatorFor(leafOf(path)), value: needleFor(type, path) })
    .map(({ operator, value }) => ({ kind: 'compare', path, operator, value }));
}

const presentFor = (path: ResolvedAttribute): CheckedFilter => ({ kind: 'present', path });

// Nested `and` in `and` is one node, as the parser makes it.
function joined<P>(kind: 'and' | 'or', terms: readonly Filter<P>[]): Filter<P> {
  return { kind, terms: terms.flatMap((term) => (term.kind === kind ? term.terms : [term])) };
}

/** Filters made of the given leaves with `and`, `or` and `not`. */
export function combinedOf<P>(leaf: fc.Arbitrary<Filter<P>>, maxDepth = 3): fc.Arbitrary<Filter<P>> {
  return fc.letrec<{ filter: Filter<P> }>((tie) => {
    const terms = fc.array(tie('filter'), { minLength: 2, maxLength: 3 });
    return {
      filter: fc.oneof(
        { maxDepth, withCrossShrink: true },
        { arbitrary: leaf, weight: 4 },
        { arbitrary: terms.map((list) => joined('and', list)), weight: 2 },
        { arbitrary: terms.map((list) => joined('or', list)), weight: 2 },
        { arbitrary: tie('filter').map((term): Filter<P> => ({ kind: 'not', term })), weight: 1 },
      ),
    };
  }).filter;
}

/** Checked filters over the type that often match what `samplesOf` makes. */
export function checkedFilterFor(type: ResourceTypeDefinition): fc.Arbitrary<CheckedFilter> {
  const attributes = attributesOf(type).filter((one) => !isHidden(one.attribute));
  const compares = comparablePathsOf(type).map((path) => compareFor(type, path));
  const presents = [...attributes, ...comparablePathsOf(type)].map(presentFor);
  const valuePaths = attributes
    .filter((one) => one.attribute.multiValued || one.attribute.type === 'complex')
    .map((one) => valuePathFor(type, one));
  return combinedOf(
    fc.oneof(
      { arbitrary: fc.oneof(...compares), weight: 5 },
      { arbitrary: fc.constantFrom(...presents), weight: 1 },
      { arbitrary: fc.oneof(...valuePaths), weight: 3 },
    ),
  );
}

function valuePathFor(type: ResourceTypeDefinition, parent: ResolvedAttribute): fc.Arbitrary<CheckedFilter> {
  const inner = combinedOf<ResolvedAttribute>(
    fc.oneof(
      { arbitrary: fc.oneof(...comparableWithin(parent).map((path) => compareFor(type, path))), weight: 5 },
      { arbitrary: fc.constantFrom(...comparableWithin(parent).map(presentFor)), weight: 1 },
    ),
    2,
  );
  return inner.map((filter) => ({ kind: 'valuePath', path: parent, filter }));
}

/** The checked filter as it would be parsed, each path spelled by `spell`; paths in a value path become relative. */
export function asParsed(filter: CheckedFilter, spell: (path: string) => string = (path) => path): ParsedFilter {
  const within = (one: CheckedFilter, relative: boolean): ParsedFilter => {
    const text = (path: ResolvedAttribute) => spell(relative ? (path.sub?.name ?? 'value') : path.path);
    switch (one.kind) {
      case 'and':
      case 'or':
        return { kind: one.kind, terms: one.terms.map((term) => within(term, relative)) };
      case 'not':
        return { kind: 'not', term: within(one.term, relative) };
      case 'valuePath':
        return { kind: 'valuePath', path: text(one.path), filter: within(one.filter, true) };
      case 'present':
        return { kind: 'present', path: text(one.path) };
      case 'compare':
        return { ...one, path: text(one.path) };
    }
  };
  return within(filter, false);
}

/** Filter texts over the type, attribute names in any letter case. */
export function filterTextFor(type: ResourceTypeDefinition): fc.Arbitrary<string> {
  const spellings = [
    (path: string) => path,
    (path: string) => path.toUpperCase(),
    (path: string) => path.toLowerCase(),
  ] as const;
  return fc
    .tuple(checkedFilterFor(type), fc.constantFrom(...spellings))
    .map(([filter, spell]) => printFilter(asParsed(filter, spell)));
}
