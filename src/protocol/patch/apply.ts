import { copyOf, isObject, type JsonObject, type JsonValue } from '../../schema/json.ts';
import {
  coreAttribute,
  type ResolvedAttribute,
  resolveAttribute,
  resolved,
  resolveExtension,
} from '../../schema/registry.ts';
import type { ResourceTypeDefinition, SchemaDefinition } from '../../schema/resource-type.ts';
import { roleSetValue, rolesHeld } from '../../schema/role-set.ts';
import { unchangedValues } from '../../schema/same-value.ts';
import { assign, valueAt, withSchemas } from '../document.ts';
import { invalidPath, invalidSyntax, invalidValue, mutability, noTarget, ScimError } from '../errors.ts';
import { abridged, kindOf } from '../json.ts';
import { checkMemberCount } from '../members.ts';
import { removing, replacing } from '../mutability.ts';
import { type QuirkSet, takes } from '../quirks/quirks.ts';
import { isCoreContainer, isUnassigned } from '../quirks/values.ts';
import { readPassword } from '../read-resource.ts';
import { checkDocument } from '../validate.ts';
import { missing, readValue } from '../values.ts';
import { mergeComplex, setSub } from './complex.ts';
import { checkDemands } from './demands.ts';
import { patchElements } from './elements.ts';
import type { MembershipStep } from './membership.ts';
import { membershipStep } from './membership-steps.ts';
import type { PatchOperation } from './message.ts';
import { patchRoles } from './roles.ts';
import { checkSchemasOperation } from './schemas.ts';
import { type Target, targetOf } from './target.ts';
import { listedIn, type WorkMeter, workMeters } from './work.ts';

/** What a PATCH makes of a resource. */
export interface PatchOutcome {
  readonly document: JsonObject;
  readonly memberships: readonly MembershipStep[];
  /** A new password, null for none any more, undefined when it is not touched. */
  readonly password: string | null | undefined;
}

interface Draft {
  readonly type: ResourceTypeDefinition;
  readonly quirks: QuirkSet;
  readonly document: JsonObject;
  readonly memberships: MembershipStep[];
  readonly spend: WorkMeter;
  password: string | null | undefined;
}

/**
 * Applies the operations in order, each to the outcome of the one before (RFC 7644 §3.5.2). The current document is not
 * touched: when one operation throws, nothing has happened.
 */
export function applyPatch(
  type: ResourceTypeDefinition,
  current: JsonObject,
  operations: readonly PatchOperation[],
  quirks: QuirkSet,
  spend: WorkMeter = workMeters()(''),
): PatchOutcome {
  const draft: Draft = {
    type,
    quirks,
    document: copyOf(current),
    memberships: [],
    spend,
    password: undefined,
  };
  for (const operation of operations) apply(draft, operation);
  checkMemberCount(draft.memberships.reduce((count, step) => count + ('members' in step ? step.members.length : 0), 0));
  const document = withSchemas(type, draft.document);
  checkDocument(type, document);
  return { document, memberships: draft.memberships, password: draft.password };
}

function apply(draft: Draft, operation: PatchOperation): void {
  const { op, path, value = null } = operation;
  const isWhole = path !== undefined && op !== 'remove' && isCoreContainer(draft.type, path, value, draft.quirks);
  if (path === undefined || isWhole) applyWithoutPath(draft, operation);
  else applyTo(draft, targetOf(draft.type, path, draft.quirks), operation);
}

/** An operation without a path: each key of its value is the path of an operation of its own. */
function applyWithoutPath(draft: Draft, { op, value }: PatchOperation): void {
  if (op === 'remove') throw noTarget('A remove needs a path (RFC 7644 §3.5.2.2); name the attribute to remove.');
  if (!isObject(value as JsonValue)) {
    throw invalidValue(`An ${op} without a path needs an object of attributes as its value; got ${kindOf(value)}.`);
  }
  for (const [key, member] of Object.entries(value as JsonObject)) {
    if (isCoreContainer(draft.type, key, member, draft.quirks)) {
      applyWithoutPath(draft, { op, path: undefined, value: member });
      continue;
    }
    const isName = coreAttribute(draft.type, key) !== undefined || resolveExtension(draft.type, key) !== undefined;
    applyKey(draft, key, isName, { op, path: key, value: member });
  }
}

/** Carries out what one key of a value asks for; a key that is no name may be a path where that is tolerated. */
function applyKey(draft: Draft, path: string, isName: boolean, operation: PatchOperation): void {
  const { type, quirks } = draft;
  const found = isName || quirks.has('pathKeys') ? targetIfAny(type, path, quirks) : undefined;
  const target = found && (isName || takes(quirks, 'pathKeys', path)) ? found : undefined;
  if (target) {
    if (!isReadOnly(target) || !takes(quirks, 'readOnlyInPatchIgnored', path)) applyTo(draft, target, operation);
  } else if (!takes(quirks, 'unknownIgnored', path)) {
    const refusal = quirks.has('undefinedRefused') ? invalidSyntax : invalidPath;
    throw refusal(`"${abridged(path, 160)}" names no attribute of ${type.name}; /Schemas lists those there are.`);
  }
}

function isReadOnly(target: Target): boolean {
  if (target.kind !== 'attribute') return false;
  return target.at.attribute.mutability === 'readOnly' || target.sub?.mutability === 'readOnly';
}

/** The target of a key, or undefined: a key that is no path is an unknown attribute, not a malformed message. */
function targetIfAny(type: ResourceTypeDefinition, key: string, quirks: QuirkSet): Target | undefined {
  try {
    return targetOf(type, key, quirks);
  } catch (error) {
    if (error instanceof ScimError) return undefined;
    throw error;
  }
}

function applyTo(draft: Draft, target: Target, operation: PatchOperation): void {
  checkDemands(target, operation, draft.quirks);
  switch (target.kind) {
    case 'extension':
      applyToExtension(draft, target.extension.schema, operation);
      return;
    case 'roles': {
      const held = rolesHeld(target.roleSet, valueAt(draft.document, target.at));
      assign(
        draft.document,
        target.at,
        roleSetValue(target.roleSet, patchRoles(target.roleSet, held, target, operation, draft.quirks)),
      );
      return;
    }
    case 'attribute':
      applyToAttribute(draft, target, operation);
  }
}

/** An extension's URN as path, or as key of a value: its attributes are set one by one, the others stay. */
function applyToExtension(draft: Draft, schema: SchemaDefinition, { op, value }: PatchOperation): void {
  if (op === 'remove' || isUnassigned(value, draft.quirks)) {
    removeExtension(draft, schema);
    return;
  }
  if (!isObject(value)) throw invalidValue(`${schema.id} needs an object, but got ${kindOf(value)}.`);
  for (const [name, member] of Object.entries(value)) {
    // RFC 9944 §7.1 nests extensions in another; they are read as if they stood beside it.
    const nested = resolveExtension(draft.type, name);
    if (nested) {
      applyToExtension(draft, nested.schema, { op, path: nested.extension, value: member });
      continue;
    }
    const path = `${schema.id}:${name}`;
    const named = resolveAttribute(draft.type, path);
    applyKey(draft, path, named !== undefined && !named.sub, { op, path, value: member });
  }
}

/** Its required attributes are owed as long as the extension is there (RFC 7644 §3.5.2.2); an optional one may go. */
function removeExtension(draft: Draft, schema: SchemaDefinition): void {
  const required = draft.type.extensions.some((extension) => extension.schema === schema && extension.required);
  if (required) throw mutability(`${schema.id} is required and can't be removed; replace its attributes.`);
  for (const attribute of schema.attributes) {
    const at = resolved(schema.id, attribute);
    if (valueAt(draft.document, at) === undefined) continue;
    const target: AttributeTarget = { kind: 'attribute', at, sub: undefined, filter: undefined };
    applyToAttribute(draft, target, { op: 'remove', path: at.path, value: undefined }, false);
  }
}

type AttributeTarget = Extract<Target, { kind: 'attribute' }>;

function applyToAttribute(draft: Draft, target: AttributeTarget, operation: PatchOperation, owed = true): void {
  const { at } = target;
  const { attribute, path } = at;
  if (attribute.mutability === 'readOnly') throw mutability(`${path} is readOnly; leave it out.`);
  if (attribute.name === 'schemas' && !at.extension) {
    checkSchemasOperation(draft.type, operation, draft.quirks);
    return;
  }
  if (attribute.residence === 'rows') {
    draft.memberships.push(membershipStep(operation, target, draft.quirks));
    return;
  }
  if (attribute.residence === 'hash') {
    draft.password = operation.op === 'remove' ? null : readPassword(attribute, operation.value ?? null, draft.quirks);
    return;
  }
  const before = valueAt(draft.document, at);
  const after = nextValue(draft, before, target, operation);
  if (after === undefined) {
    const left = removing(attribute, before, path);
    if (owed && attribute.required && left === undefined) {
      throw operation.op === 'remove'
        ? mutability(`${path} is required and can't be removed; replace it.`)
        : missing(path);
    }
    assign(draft.document, at, left);
  } else if (before !== undefined && unchangedValues(attribute, before, after)) {
    assign(draft.document, at, before);
  } else {
    assign(draft.document, at, attribute.mutability === 'immutable' ? immutableValue(at, before, after) : after);
  }
}

function immutableValue(
  { attribute, path }: ResolvedAttribute,
  before: JsonValue | undefined,
  after: JsonValue,
): JsonValue {
  return replacing(attribute, before, after, path, () => true) ?? after;
}

function nextValue(
  { quirks, spend }: Draft,
  before: JsonValue | undefined,
  { at, sub, filter }: AttributeTarget,
  operation: PatchOperation,
): JsonValue | undefined {
  const { attribute, path } = at;
  const { op } = operation;
  if (attribute.multiValued) {
    const elements = Array.isArray(before) ? before : [];
    return patchElements(elements, { definition: attribute, path, filter, sub, spend }, operation, quirks);
  }
  spend(listedIn(before));
  if (filter) throw invalidPath(`${path} has one value, so it takes no value filter; leave out the brackets.`);
  if (sub) {
    const changed = isObject(before as JsonValue) ? copyOf(before as JsonObject) : Object.create(null);
    setSub(changed, attribute, sub, op, operation.value ?? null, path, quirks);
    return Object.keys(changed).length > 0 ? changed : undefined;
  }
  if (op === 'remove') return undefined;
  const value = operation.value ?? null;
  if (attribute.type === 'complex' && op === 'replace' && quirks.has('wholeReplaced')) {
    return replacing(attribute, before, readValue(attribute, value, path, quirks), path, () => false);
  }
  return attribute.type === 'complex'
    ? mergeComplex(before, attribute, op, value, path, quirks)
    : readValue(attribute, value, path, quirks);
}
