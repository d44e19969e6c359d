import { type ChangeReference, changeReferences, type Reference, referenceOf } from '../protocol/references.ts';
import { type AttributeDefinition, isTypeName } from '../schema/attribute.ts';
import { isObject, type JsonObject, type JsonValue, memberNamed } from '../schema/json.ts';
import { attributesOf, type Registry, type ResolvedAttribute, resolveAttribute, resolved } from '../schema/registry.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';

/** An id by which a resource refers to another one. */
interface Mention {
  readonly id: string;
  /** Whether it can be nothing else: not the end of a URI of something elsewhere, nor of one that only says more of an id. */
  readonly surely: boolean;
}

/** The attributes of a type that refer to resources. */
export interface Referring {
  readonly attributes: readonly ResolvedAttribute[];
  /** The URN under which some senders put core attributes. */
  readonly core: string;
}

/**
 * The attributes of a type whose values refer to resources of the tenant's types, by id or by URI, other than members, which
 * are rows: the schema says to which types they lead (RFC 7643 §7, referenceTypes).
 */
export function referringAttributes(registry: Registry, type: ResourceTypeDefinition): Referring {
  const names = new Set(registry.types.map(({ name }) => name));
  const referring = attributesOf(type).filter(
    ({ attribute }) =>
      attribute.residence === 'document' &&
      [attribute, ...(attribute.subAttributes ?? [])].some((sub) =>
        referenceOf(attribute, sub)?.types.some((name) => names.has(name)),
      ),
  );
  // An extension's attribute may be named without its URN, where that is tolerated and names it.
  const bare = referring.filter(
    ({ extension, attribute, path }) =>
      extension !== undefined && resolveAttribute(type, attribute.name, { searchExtensions: true })?.path === path,
  );
  return {
    attributes: [...referring, ...bare.map(({ attribute }) => resolved(undefined, attribute))],
    core: type.schema.id,
  };
}

/** The ids to which a resource refers by those attributes. */
export function mentionsIn(referring: Referring, body: JsonObject): Mention[] {
  const mentions: Mention[] = [];
  inEach(referring, body, (text, reference, within) => {
    const id = idIn(text, reference);
    if (id !== '') mentions.push({ id, surely: isSurely(reference, within) });
    return text;
  });
  return mentions;
}

/** Puts what is given for each id in its place, be it alone or at the end of a URI. */
export function redirect(referring: Referring, body: JsonObject, to: (id: string) => string): void {
  inEach(referring, body, (text, reference) => {
    const id = idIn(text, reference);
    return id === '' ? text : text.slice(0, text.length - id.length) + to(id);
  });
}

function inEach({ attributes, core }: Referring, body: JsonObject, change: ChangeReference): void {
  const under = (urn: string) => memberNamed(body, urn);
  for (const { extension, attribute } of attributes) {
    for (const container of extension === undefined ? [body, under(core)] : [under(extension)]) {
      inMembers(attribute, container, change);
    }
  }
}

function inMembers(attribute: AttributeDefinition, container: JsonValue | undefined, change: ChangeReference): void {
  if (!isObject(container)) return;
  for (const [name, value] of Object.entries(container)) {
    if (name.toLowerCase() === attribute.name.toLowerCase()) {
      container[name] = changeReferences(attribute, value, change);
    }
  }
}

function idIn(text: string, { form }: Reference): string {
  return form === 'id' ? text : text.slice(text.lastIndexOf('/') + 1);
}

function isSurely({ form, types }: Reference, within: JsonObject | undefined): boolean {
  if (form === 'id') return true;
  return types.every(isTypeName) && (within === undefined || memberNamed(within, 'value') === undefined);
}
