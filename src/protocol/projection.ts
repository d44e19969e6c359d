import type { AttributeDefinition } from '../schema/attribute.ts';
import { emptyObject, isObject, type JsonObject, type JsonValue } from '../schema/json.ts';
import { attributesOf, type ResolvedAttribute, resolveAttribute, resolveExtension } from '../schema/registry.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import { invalidParameter } from './errors.ts';

/** Which attributes of a resource an answer holds (RFC 7644 §3.9). */
export interface Projection {
  /** Whether the answer holds anything of this core attribute, so that what is costly is loaded only then. */
  wants(attribute: string): boolean;
  /** The part of the resource that the answer holds. */
  apply(resource: JsonObject): JsonObject;
  /** Whether the request named `attributes` or `excludedAttributes`. */
  readonly explicit: boolean;
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
  const wanted = namesIn(given.attributes);
  const unwanted = namesIn(given.excludedAttributes);
  if (wanted && unwanted) {
    throw invalidParameter('attributes and excludedAttributes exclude each other; send one of them (RFC 7644 §3.9).');
  }
  const named = pathsNamed(type, wanted ?? unwanted ?? []);
  const keptOf = new Map<string, Kept>();
  for (const resolved of attributesOf(type)) {
    keptOf.set(resolved.path, kept(resolved.attribute, named.get(resolved.path), wanted !== undefined));
  }
  return {
    explicit: (wanted ?? unwanted) !== undefined,
    wants: (attribute) => (keptOf.get(attribute) ?? 'none') !== 'none',
    apply: (resource) => applied(type, resource, keptOf),
  };
}

function namesIn(text: string | undefined): string[] | undefined {
  const names = text
    ?.split(',')
    // `attributes=emails[type eq "work"]` is sent by some; RFC 7644 has no filter there, so the attribute is meant.
    .map((name) => name.trim().replace(/\[.*$/, ''))
    .filter((name) => name !== '');
  return names && names.length > 0 ? names : undefined;
}

/** Path of each named attribute → the sub-attributes named, or 'whole'. */
function pathsNamed(type: ResourceTypeDefinition, names: readonly string[]): Map<string, 'whole' | Set<string>> {
  const named = new Map<string, 'whole' | Set<string>>();
  const add = (resolved: ResolvedAttribute) => {
    const path = resolved.sub ? resolved.path.slice(0, -resolved.sub.name.length - 1) : resolved.path;
    const before = named.get(path);
    if (!resolved.sub || before === 'whole') named.set(path, 'whole');
    else named.set(path, (before ?? new Set<string>()).add(resolved.sub.name));
  };
  for (const name of names) {
    const extension = resolveExtension(type, name);
    if (extension) {
      for (const resolved of attributesOf(type)) if (resolved.extension === extension.extension) add(resolved);
      continue;
    }
    const resolved = resolveAttribute(type, name, { searchExtensions: true });
    if (resolved) add(resolved);
  }
  return named;
}

function kept(definition: AttributeDefinition, named: 'whole' | Set<string> | undefined, including: boolean): Kept {
  if (definition.returned === 'never') return 'none';
  if (definition.returned === 'always') return 'all';
  const subs = definition.subAttributes ?? [];
  if (including) {
    if (named === undefined) return 'none';
    if (named === 'whole') return whole(definition);
    const asked = (sub: AttributeDefinition) => named.has(sub.name) && sub.returned !== 'never';
    return new Set(subs.filter((sub) => asked(sub) || sub.returned === 'always').map((sub) => sub.name));
  }
  if (named === 'whole' || definition.returned === 'request') return 'none';
  if (named === undefined) return whole(definition);
  const names = subs.filter((sub) => isDefault(sub) && (!named.has(sub.name) || sub.returned === 'always'));
  return new Set(names.map((sub) => sub.name));
}

/** All of an attribute that is returned without being asked for by name (RFC 7643 §7, `returned`). */
function whole(definition: AttributeDefinition): Kept {
  const subs = definition.subAttributes ?? [];
  return subs.every(isDefault) ? 'all' : new Set(subs.filter(isDefault).map((sub) => sub.name));
}

function isDefault(sub: AttributeDefinition): boolean {
  return sub.returned === 'default' || sub.returned === 'always';
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
