import type { AttributeDefinition } from '../schema/attribute.ts';
import { byName } from '../schema/by-name.ts';
import { emptyObject, isObject, type JsonObject, type JsonValue, memberNamed } from '../schema/json.ts';
import {
  attributesOf,
  coreAttribute,
  extensionSchema,
  isUnqualified,
  type ResolvedAttribute,
  resolveAttribute,
  resolved,
} from '../schema/registry.ts';
import type { ResourceTypeDefinition, SchemaDefinition } from '../schema/resource-type.ts';
import { roleSetValue } from '../schema/role-set.ts';
import { refuseUndefined, unknownSchema } from './defined.ts';
import { assign, withSchemas } from './document.ts';
import { invalidSyntax, invalidValue } from './errors.ts';
import { kindOf } from './json.ts';
import { readMembers } from './members.ts';
import { pathsIn } from './named.ts';
import { preparedPassword } from './password.ts';
import type { MemberReference } from './patch/membership.ts';
import { type QuirkSet, takes } from './quirks/quirks.ts';
import { isCoreContainer, isEmptyText } from './quirks/values.ts';
import { readRoles } from './roles.ts';
import { checkDocument } from './validate.ts';
import { readValue, unknownAttribute } from './values.ts';

/** A resource as a create or a replace asks for it. */
export interface IncomingResource {
  /** What goes into the document, without `id`. */
  readonly document: JsonObject;
  /** Members asked for; undefined where the type has none. */
  readonly members: readonly MemberReference[] | undefined;
  /** Password asked for: null to have none, undefined when none was sent. */
  readonly password: string | null | undefined;
  /** Paths of the attributes and sub-attributes that the body names, be it with null; few who read a resource ask for it. */
  readonly named: () => ReadonlySet<string>;
}

/**
 * The resource in the body of a POST or PUT (RFC 7644 §3.3, §3.5.1). readOnly input is dropped before anything is
 * validated; attributes that are not named get their defaults; an explicit null or [] leaves them unassigned.
 */
export function readResource(type: ResourceTypeDefinition, body: unknown, quirks: QuirkSet): IncomingResource {
  if (!isObject(body)) {
    throw invalidSyntax(`The body must be a JSON object with a ${type.name}; got ${kindOf(body as JsonValue)}.`);
  }
  const declared = declaredSchemas(type, body, quirks);
  const given = givenAttributes(type, body, declared, quirks);
  const targets = attributesOf(type);
  const document = emptyObject();
  let password: string | null | undefined;
  let members: readonly MemberReference[] | undefined;
  for (const target of targets) {
    const { attribute } = target;
    if (attribute.name === 'schemas' && !target.extension) continue;
    const value = given.get(target.path);
    if (attribute.residence === 'rows') members = value === undefined ? [] : readMembers(value, quirks);
    else if (attribute.residence === 'hash')
      password = value === undefined ? undefined : readPassword(attribute, value, quirks);
    else if (attribute.residence === 'document') assign(document, target, readOrDefault(target, value, quirks));
  }
  const finished = withSchemas(type, document);
  checkDocument(type, finished);
  return {
    document: finished,
    members,
    password,
    named: () =>
      pathsIn(
        targets.flatMap((target) => {
          const value = given.get(target.path);
          return value === undefined ? [] : [[target, value] as const];
        }),
        quirks,
      ),
  };
}

function readOrDefault(target: ResolvedAttribute, value: JsonValue | undefined, quirks: QuirkSet) {
  const { attribute, path } = target;
  if (value === undefined) return attribute.defaultValue;
  if (!attribute.roleSet) return readValue(attribute, value, path, quirks);
  const statements = readRoles(attribute.roleSet, value, quirks);
  return roleSetValue(attribute.roleSet, new Set([...statements.keys()].filter((name) => statements.get(name))));
}

/** The password in a value, prepared to be hashed; null when it leaves the password unassigned. */
export function readPassword(definition: AttributeDefinition, value: JsonValue, quirks: QuirkSet): string | null {
  const password = readValue(definition, value, definition.name, quirks);
  return typeof password === 'string' ? preparedPassword(password) : null;
}

/** The extensions that `schemas` declares, after checking that it names the resource type (RFC 7643 §3). */
function declaredSchemas(type: ResourceTypeDefinition, body: JsonObject, quirks: QuirkSet): Set<string> {
  const given = memberNamed(body, 'schemas');
  const urns = typeof given === 'string' && takes(quirks, 'objectForMany', 'schemas') ? [given] : given;
  const needed = `"schemas": ["${type.schema.id}"]`;
  if (!Array.isArray(urns) || urns.length === 0) {
    throw invalidSyntax(`The body must say what it is; send ${needed}.`);
  }
  const declared = new Set<string>();
  for (const urn of urns) {
    if (typeof urn !== 'string') throw invalidSyntax(`schemas needs strings, but got ${kindOf(urn)}.`);
    const known = urn.toLowerCase() === type.schema.id.toLowerCase() ? type.schema : extensionSchema(type, urn);
    if (known) declared.add(known.id);
    else if (!takes(quirks, 'unknownIgnored', `schemas: ${urn}`)) {
      throw unknownSchema(type, urn);
    }
  }
  if (!declared.has(type.schema.id)) throw invalidSyntax(`schemas does not name ${type.name}; send ${needed}.`);
  return declared;
}

/** Path of each attribute that the body names → its value as sent; readOnly ones are left out. */
function givenAttributes(
  type: ResourceTypeDefinition,
  body: JsonObject,
  declared: ReadonlySet<string>,
  quirks: QuirkSet,
): Map<string, JsonValue> {
  const given = new Map<string, JsonValue>();
  const take = (target: ResolvedAttribute | undefined, name: string, value: JsonValue) => {
    if (target) {
      const { attribute, path } = target;
      if (quirks.has('undefinedRefused') && !attribute.roleSet) refuseUndefined(attribute, value, path);
      if (attribute.mutability !== 'readOnly') given.set(path, value);
    } else if (!takes(quirks, 'unknownIgnored', name)) {
      throw unknownAttribute(name);
    }
  };
  const takeCore = (key: string, value: JsonValue) => {
    const attribute = coreAttribute(type, key);
    if (attribute) take(resolved(undefined, attribute), key, value);
    else takeUnqualified(key, value);
  };
  const takeUnqualified = (key: string, value: JsonValue) => {
    const target = resolveAttribute(type, key, { searchExtensions: true });
    const isName = target !== undefined && !target.sub && isUnqualified(target, key);
    if (!isName || !takes(quirks, 'unqualifiedExtension', target.path)) {
      take(undefined, key, value);
      return;
    }
    checkDeclared(declared, target.extension, value, quirks);
    // What stands under the URN counts, before or after this (RFC 7643 §3.3).
    if (!given.has(target.path)) take(target, key, value);
  };
  const takeExtension = (extension: SchemaDefinition, value: JsonValue) => {
    const members = extensionMembers(extension, value, quirks);
    for (const name of Object.keys(members)) {
      const member = members[name] as JsonValue;
      // RFC 9944 §7.1 nests extensions in another; they are read as if they stood beside it.
      const nested = extensionSchema(type, name);
      if (nested) takeExtension(nested, member);
      else take(attributeOf(extension, name), `${extension.id}:${name}`, member);
    }
  };
  for (const key of Object.keys(body)) {
    const value = body[key] as JsonValue;
    const extension = extensionSchema(type, key);
    if (extension) {
      checkDeclared(declared, extension.id, value, quirks);
      takeExtension(extension, value);
    } else if (isCoreContainer(type, key, value, quirks)) {
      for (const [name, member] of Object.entries(value)) takeCore(name, member);
    } else {
      takeCore(key, value);
    }
  }
  return given;
}

function checkDeclared(declared: ReadonlySet<string>, urn: string, value: JsonValue, quirks: QuirkSet): void {
  if (!declared.has(urn) && value !== null && !takes(quirks, 'undeclaredExtension', urn)) {
    throw invalidSyntax(`The body has attributes of ${urn}; name that URN in schemas too (RFC 7643 §3).`);
  }
}

function extensionMembers(extension: SchemaDefinition, value: JsonValue, quirks: QuirkSet): JsonObject {
  if (value === null || isEmptyText(value, quirks)) return emptyObject();
  if (!isObject(value)) throw invalidValue(`${extension.id} needs an object, but got ${kindOf(value)}.`);
  return value;
}

function attributeOf(extension: SchemaDefinition, name: string): ResolvedAttribute | undefined {
  const attribute = byName(extension.attributes, name);
  return attribute && resolved(extension.id, attribute);
}
