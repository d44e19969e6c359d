import { createHash } from 'node:crypto';
import { type ChangeKind, changedAttributes, eventKinds } from '../events/change-events.ts';
import { ScimError, uniqueness } from '../protocol/errors.ts';
import { type Conditions, etagOf, failedCondition } from '../protocol/etag.ts';
import { abridged } from '../protocol/json.ts';
import type { MembershipStep } from '../protocol/patch/membership.ts';
import { type JsonObject, sameJson } from '../schema/json.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import { type Database, inTransaction } from '../storage/database.ts';
import { uniqueViolation } from '../storage/errors.ts';
import { insertEvents } from '../storage/events.ts';
import { applyMembership, touchGroups } from '../storage/members.ts';
import { deleteResource, insertResource, type ResourceRow, updateResource } from '../storage/resources.ts';
import { lockedResourceAt } from './address.ts';
import type { Context, Scope } from './context.ts';
import { protectOwner } from './owner-protection.ts';
import { holdsMembers, locationPrefix, typeName } from './representation.ts';

/** What a pure function makes of a resource. */
export interface Change {
  readonly document: JsonObject;
  readonly memberships: readonly MembershipStep[];
  /** A password to set, null to have none, undefined to leave it as it is. */
  readonly password: string | null | undefined;
}

/** Writes a new resource; the unique indexes decide whether it may be, never a look-up before (409 `uniqueness`). */
export async function insertChange(
  context: Context,
  scope: Scope,
  type: ResourceTypeDefinition,
  change: Change,
): Promise<ResourceRow> {
  const id = context.newId();
  const { schemas = [], ...rest } = change.document;
  const document: JsonObject = { schemas, id, ...rest };
  const passwordHash = await initialHash(context, type, change.password);
  return orUniqueness(
    type,
    () => document,
    () =>
      inTransaction(context.db, async (tx) => {
        const at = context.clock();
        const row = { tenantId: scope.tenantId, type, id, at, document };
        await insertResource(tx, passwordHash === undefined ? row : { ...row, passwordHash });
        await applyPlan(tx, scope, type, id, change.memberships);
        await recordEvents(tx, context, scope, type, {
          id,
          kind: 'create',
          version: 1,
          at,
          before: undefined,
          after: document,
        });
        const instant = at.toISOString();
        return { id, version: 1, created: instant, lastModified: instant, doc: JSON.stringify(document) };
      }),
  );
}

/**
 * Changes the resource that `address` names, in one transaction: lock, conditions, the pure function, the tenant's rules,
 * then the row, its memberships and the event; or nothing at all when the change has no effect (RFC 7644 §3.5.2.1).
 */
export async function changeResource(
  context: Context,
  scope: Scope,
  type: ResourceTypeDefinition,
  address: string,
  kind: 'put' | 'patch',
  conditions: Conditions,
  mutate: (current: JsonObject) => Change,
): Promise<ResourceRow> {
  let wanted: JsonObject | undefined;
  return orUniqueness(
    type,
    () => wanted,
    () =>
      inTransaction(context.db, async (tx) => {
        const row = await lockedResourceAt(tx, scope, type, address);
        checkConditions(row, conditions);
        const before = JSON.parse(row.doc) as JsonObject;
        const { document, memberships, password } = mutate(before);
        wanted = document;
        await protectOwner(tx, scope, row.id, before, document);
        const membersMoved = await applyPlan(tx, scope, type, row.id, memberships);
        const untouched = sameJson(before, document) && !membersMoved && password === undefined;
        if (untouched) return row;
        const at = context.clock();
        const version = row.version + 1;
        const passwordHash = await hashOf(context, password);
        const update = { tenantId: scope.tenantId, type, id: row.id, version, at, before, after: document };
        await updateResource(tx, passwordHash === undefined ? update : { ...update, passwordHash });
        const beyondDocument = [...(membersMoved ? ['members'] : []), ...(password === undefined ? [] : ['password'])];
        await recordEvents(tx, context, scope, type, {
          id: row.id,
          kind,
          version,
          at,
          before,
          after: document,
          beyondDocument,
        });
        return { ...row, version, lastModified: at.toISOString(), doc: JSON.stringify(document) };
      }),
  );
}

/** Deletes the resource that `address` names, for good, and with it its memberships; groups that lose a member move on. */
export async function deleteChange(
  context: Context,
  scope: Scope,
  type: ResourceTypeDefinition,
  address: string,
  conditions: Conditions,
): Promise<void> {
  await inTransaction(context.db, async (tx) => {
    const row = await lockedResourceAt(tx, scope, type, address);
    checkConditions(row, conditions);
    const before = JSON.parse(row.doc) as JsonObject;
    await protectOwner(tx, scope, row.id, before, undefined);
    const at = context.clock();
    const left = await deleteResource(tx, scope.tenantId, row.id);
    const touched = await touchGroups(tx, scope.tenantId, left, at);
    await recordEvents(tx, context, scope, type, {
      id: row.id,
      kind: 'delete',
      version: row.version,
      at,
      before,
      after: undefined,
    });
    const groupType = scope.dialect.registry.types.find(holdsMembers);
    if (groupType && touched.length > 0) await recordMemberLoss(tx, context, scope, groupType, touched, at);
  });
}

async function recordMemberLoss(
  tx: Database,
  context: Context,
  scope: Scope,
  groupType: ResourceTypeDefinition,
  touched: readonly { id: string; version: number }[],
  at: Date,
): Promise<void> {
  await insertEvents(
    tx,
    touched.map(({ id, version }) => ({
      tenantId: scope.tenantId,
      id: context.newId(),
      kind: 'patch',
      typeNumber: groupType.number,
      resourceId: id,
      version,
      attributes: ['members'],
      actor: scope.actor,
      at,
    })),
  );
}

function checkConditions(row: ResourceRow, conditions: Conditions): void {
  const failed = failedCondition(etagOf(row.version), conditions);
  if (failed) throw new ScimError(412, failed);
}

/** Carries out the membership plan of a resource; false when no row changed. */
async function applyPlan(
  tx: Database,
  scope: Scope,
  type: ResourceTypeDefinition,
  id: string,
  steps: readonly MembershipStep[],
): Promise<boolean> {
  if (steps.length === 0) return false;
  const context = {
    tenantId: scope.tenantId,
    groupId: id,
    groupTypeNumber: type.number,
    skipUnknown: scope.dialect.quirks.has('unknownMembersSkipped'),
    location: locationPrefix(scope),
    typeName: typeName(scope),
  };
  return applyMembership(tx, context, steps);
}

/** What a new resource's password is stored as; one is generated when none was sent, undefined where the type has none. */
async function initialHash(
  context: Context,
  type: ResourceTypeDefinition,
  password: string | null | undefined,
): Promise<string | undefined> {
  if (!type.schema.attributes.some((attribute) => attribute.residence === 'hash')) return undefined;
  return (await hashOf(context, password)) ?? hashOfGenerated(context.newSecret());
}

/** What a password that someone chose is stored as: a slow hash. */
async function hashOf(context: Context, password: string | null | undefined): Promise<string | null | undefined> {
  return typeof password === 'string' ? context.hashPassword(password) : password;
}

/** Stored form of a generated password: 256 random bits can't be guessed, so a fast hash serves. */
function hashOfGenerated(secret: string): string {
  return `sha256:${createHash('sha256').update(secret).digest('hex')}`;
}

interface Recorded {
  readonly id: string;
  readonly kind: ChangeKind;
  readonly version: number;
  readonly at: Date;
  readonly before: JsonObject | undefined;
  readonly after: JsonObject | undefined;
  readonly beyondDocument?: readonly string[];
}

async function recordEvents(
  tx: Database,
  context: Context,
  scope: Scope,
  type: ResourceTypeDefinition,
  { id, kind, version, at, before, after, beyondDocument = [] }: Recorded,
): Promise<void> {
  const attributes = [...changedAttributes(type, before, after), ...beyondDocument];
  const events = eventKinds(kind, before, after).map((event) => ({
    tenantId: scope.tenantId,
    id: context.newId(),
    kind: event,
    typeNumber: type.number,
    resourceId: id,
    version,
    attributes,
    actor: scope.actor,
    at,
  }));
  await insertEvents(tx, events);
}

async function orUniqueness<T>(
  type: ResourceTypeDefinition,
  document: () => JsonObject | undefined,
  write: () => Promise<T>,
): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (uniqueViolation(error) !== 'resources_unique_key') throw error;
    const name = type.uniqueAttribute ?? 'id';
    const value = document()?.[name];
    throw uniqueness(
      `Another ${type.name} has the ${name} "${abridged(String(value))}"; ${name} is unique in any letter case.`,
    );
  }
}
