import { type AttributeDefinition, isHidden } from '../schema/attribute.ts';
import { emptyObject, isObject, type JsonObject, type JsonValue } from '../schema/json.ts';
import {
  attributesOf,
  type ResolvedAttribute,
  resolveAttribute,
  resolved,
  resolveExtension,
} from '../schema/registry.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import { invalidParameter } from './errors.ts';

/** Which attributes of a resource an answer holds (RFC 7644 §3.9). */
export interface Projection {
  /** Whether the answer holds anything of this core attribute, so that what is costly is loaded only then. */
  wants(attribute: string): boolean;
  /** The part of the resource that the answer holds. */
  apply(resource: JsonObject): JsonObject;
  /** The projection of the answer to a write, which also holds what is returned on request and was sent (RFC 7643 §7). */
  answering(sentPaths: () => ReadonlySet<string>): Projection;
  /** Whether the request named `attributes` or `excludedAttributes`. */
  readonly explicit: boolean;
  /** Whether the answer holds all that a document of the type can have in it, so that it may be passed on as it is. */
  readonly isWhole: boolean;
}

/** What is kept of an attribute: nothing, all of it, or these sub-attributes. */
type Kept = 'none' | 'all' | ReadonlySet<string>;

/**
 * The projection of a request. `attributes` keeps what it names and what is always returned; `excludedAttributes` drops
 * what it names unless it is always returned; names of nothing are ignored; both at once are refused.
 */
export function projectionOf(
  type: ResourceTypeDefinition,
  given: { attributes?: string; excludedAttributes?: string },
): Projection {
  if (given.attributes !== undefined || given.excludedAttributes !== undefined) return projectionFor(type, given);
  const known = byDefault.get(type);
  if (known) return known;
  const projection = projectionFor(type, given);
  byDefault.set(type, projection);
  return projection;
}

// What most requests ask for, by type; types live as long as their tenant's dialect.
const byDefault = new WeakMap<ResourceTypeDefinition, Projection>();

function projectionFor(
  type: ResourceTypeDefinition,
  given: { attributes?: string; excludedAttributes?: string },
): Projection {
  const wanted = namesIn(given.attributes);
  const unwanted = namesIn(given.excludedAttributes);
  if (wanted && unwanted) {
    throw invalidParameter('attributes and excludedAttributes exclude each other; send one of them (RFC 7644 §3.9).');
  }
  const named = pathsNamed(type, wanted ?? unwanted ?? []);
  const including = wanted !== undefined;
  const explicit = (wanted ?? unwanted) !== undefined;
  const requested = hasRequested(type);
  const build = (sent: (path: string) => boolean): Projection => {
    const keptOf = new Map<string, Kept>();
    for (const { path, attribute } of attributesOf(type)) {
      keptOf.set(path, kept(path, attribute, named.get(path), { including, sent }));
    }
    const isKeptWhole = ({ path, attribute }: ResolvedAttribute) =>
      keptOf.get(path) === 'all' || attribute.residence === 'hash';
    return {
      explicit,
      isWhole: attributesOf(type).every(isKeptWhole),
      wants: (attribute) => (keptOf.get(attribute) ?? 'none') !== 'none',
      apply: (resource) => applied(type, resource, keptOf),
      answering(sentPaths) {
        if (including || !requested) return this;
        const paths = sentPaths();
        return build((path) => paths.has(path));
      },
    };
  };
  return build(() => false);
}

function hasRequested(type: ResourceTypeDefinition): boolean {
  return attributesOf(type).some(({ attribute }) =>
    [attribute, ...(attribute.subAttributes ?? [])].some(({ returned }) => returned === 'request'),
  );
}

function namesIn(text: string | undefined): string[] | undefined {
  const names = text
    ?.split(',')
    // `attributes=emails[type eq "work"]` is sent by some; RFC 7644 has no filter there, so the attribute is meant.
    .map((name) => name.trim().replace(/\[.*$/, ''))
    .filter((name) => name !== '');
  return names && names.length > 0 ? names : undefined;
}

/** What a list names of an attribute; both may be. */
interface Named {
  whole: boolean;
  readonly subs: Set<string>;
}

/** Path of each named attribute → what is named of it. */
function pathsNamed(type: ResourceTypeDefinition, names: readonly string[]): Map<string, Named> {
  const named = new Map<string, Named>();
  const add = ({ extension, attribute, sub }: ResolvedAttribute) => {
    const { path } = resolved(extension, attribute);
    const known = named.get(path) ?? { whole: false, subs: new Set() };
    if (sub) known.subs.add(sub.name);
    else known.whole = true;
    named.set(path, known);
  };
  for (const name of names) {
    const extension = resolveExtension(type, name);
    if (extension) {
      for (const one of attributesOf(type)) if (one.extension === extension.extension) add(one);
      continue;
    }
    const found = resolveAttribute(type, name, { searchExtensions: true });
    if (found) add(found);
  }
  return named;
}

/** What the request asks for, and what a write named of the resource (RFC 7643 §7, `returned`). */
interface Asked {
  /** `attributes` is given; else `excludedAttributes` or nothing. */
  readonly including: boolean;
  readonly sent: (path: string) => boolean;
}

function kept(path: string, definition: AttributeDefinition, named: Named | undefined, asked: Asked): Kept {
  if (isHidden(definition)) return 'none';
  const subs = definition.subAttributes;
  if (!subs) return isKept(path, definition, named !== undefined, asked) ? 'all' : 'none';
  const isAsked = asked.including ? named !== undefined : (named?.whole ?? false);
  const isThere = isKept(path, definition, isAsked, asked);
  // A list that names sub-attributes alone wants no others.
  const isWhole = isThere && (!asked.including || (named?.whole ?? true));
  const isKeptSub = (sub: AttributeDefinition) => {
    if (isHidden(sub)) return false;
    // Always, wherever the attribute is that it is a part of.
    if (sub.returned === 'always') return isThere;
    const isNamed = named?.subs.has(sub.name) ?? false;
    // With the whole, what is returned by default; on request what was sent or, in `attributes`, is named by itself.
    if (asked.including) return isNamed || (isWhole && sub.returned === 'default');
    return isWhole && isKept(`${path}.${sub.name}`, sub, isNamed, asked);
  };
  const names = subs.filter(isKeptSub).map((sub) => sub.name);
  if (names.length === 0) return 'none';
  return names.length === subs.length ? 'all' : new Set(names);
}

function isKept(
  path: string,
  { returned }: AttributeDefinition,
  isNamed: boolean,
  { including, sent }: Asked,
): boolean {
  if (returned === 'always') return true;
  if (including) return isNamed;
  return !isNamed && (returned === 'default' || sent(path));
}

function applied(type: ResourceTypeDefinition, resource: JsonObject, keptOf: ReadonlyMap<string, Kept>): JsonObject {
  const answer = emptyObject();
  for (const [key, value] of Object.entries(resource)) {
    const part = resolveExtension(type, key)
      ? objectPart(value, (name) => keptOf.get(`${key}:${name}`) ?? 'none')
      : valuePart(value, keptOf.get(key) ?? 'none');
    if (part !== undefined) answer[key] = part;
  }
  return answer;
}

function valuePart(value: JsonValue, keep: Kept): JsonValue | undefined {
  if (keep === 'none') return undefined;
  if (keep === 'all') return value;
  if (Array.isArray(value)) {
    const parts = value.map((element) => valuePart(element, keep)).filter((part) => part !== undefined);
    return parts.length > 0 ? parts : undefined;
  }
  return objectPart(value, (name) => (keep.has(name) ? 'all' : 'none'));
}

function objectPart(value: JsonValue, keep: (name: string) => Kept): JsonValue | undefined {
  if (!isObject(value)) return undefined;
  const part = emptyObject();
  for (const [name, member] of Object.entries(value)) {
    const inner = valuePart(member, keep(name));
    if (inner !== undefined) part[name] = inner;
  }
  return Object.keys(part).length > 0 ? part : undefined;
}
