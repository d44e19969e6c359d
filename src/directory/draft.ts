import { settled } from '../protocol/account-status.ts';
import { ScimError } from '../protocol/errors.ts';
import { etagOf, failedCondition } from '../protocol/etag.ts';
import { MEMBERSHIP_ETAG } from '../protocol/membership.ts';
import type { MembershipStep } from '../protocol/patch/membership.ts';
import type { JsonObject } from '../schema/json.ts';
import { jsonTextOf, parseJson } from '../schema/json-text.ts';
import { refusedAsAlike } from '../storage/alike-values.ts';
import type { Database } from '../storage/database.ts';
import type { ResourceRow } from '../storage/resources.ts';
import { type Holding, resourcesToChangeAt } from './address.ts';
import type { Change, Creation, Link, Mutation, Outcome, Removal } from './changes.ts';
import type { Scope } from './context.ts';
import { withoutGroup } from './links.ts';
import { type OwnerProtection, ownerProtection } from './owner-protection.ts';
import { refusedAsLarge } from './resource-size.ts';

/** A change beside the row that it is about, as it would be written; `doc` is the JSON of the document that it leaves. */
export type Draft =
  | { readonly kind: 'create'; readonly change: Creation; readonly doc: string }
  | {
      readonly kind: 'alter';
      readonly change: Mutation;
      readonly row: ResourceRow;
      readonly before: JsonObject;
      readonly after: JsonObject;
      readonly doc: string;
      readonly memberships: readonly MembershipStep[];
      readonly password: string | null | undefined;
    }
  | { readonly kind: 'remove'; readonly change: Removal; readonly row: ResourceRow; readonly before: JsonObject }
  | { readonly kind: 'link'; readonly change: Link; readonly row: ResourceRow }
  | Refused;

/** A change that can't be; `row` is what it is about, where there is that. */
interface Refused {
  readonly kind: 'refused';
  readonly change: Change;
  readonly row: ResourceRow | undefined;
  readonly error: ScimError;
}

/**
 * Reads what the changes are about, all at once, and applies each to what is stored: conditions, pure function, owner. What
 * is not locked may have moved on when the drafts are written.
 */
export async function draftChanges(
  tx: Database,
  scope: Scope,
  changes: readonly Change[],
  holding: Holding = 'lock',
): Promise<Draft[]> {
  const addressed = changes.filter((change) => change.kind !== 'create');
  const found = addressed.length > 0 ? await resourcesToChangeAt(tx, scope, addressed, holding) : [];
  const rows = new Map(addressed.map((change, index) => [change, found[index]]));
  const protect = ownerProtection(tx, scope);
  const drafts: Draft[] = [];
  for (const change of changes) {
    if (change.kind === 'create') drafts.push(creationOf(settledCreation(change)));
    else if (isLink(change)) drafts.push(linkOf(change, rows.get(change)));
    else drafts.push(await draftOf(change, rows.get(change), protect));
  }
  return drafts;
}

function isLink(change: Change): change is Link {
  return change.kind === 'join' || change.kind === 'leave';
}

function linkOf(change: Link, row: ResourceRow | ScimError | undefined): Draft {
  // An address may name a group by its externalId, a membership may not.
  const group = row instanceof ScimError || row?.id !== change.address ? undefined : row;
  if (!group) return { kind: 'refused', change, row: undefined, error: withoutGroup(change) };
  const failed = failedCondition(MEMBERSHIP_ETAG, change.conditions);
  if (failed) return { kind: 'refused', change, row: group, error: new ScimError(412, failed) };
  return { kind: 'link', change, row: group };
}

async function draftOf(
  change: Mutation | Removal,
  row: ResourceRow | ScimError | undefined,
  protect: OwnerProtection,
): Promise<Draft> {
  if (!row) throw new Error('every address is answered');
  if (row instanceof ScimError) return { kind: 'refused', change, row: undefined, error: row };
  const refused = (error: ScimError): Draft => ({ kind: 'refused', change, row, error });
  const failed = failedCondition(etagOf(row.version), change.conditions);
  if (failed) return refused(new ScimError(412, failed));
  const before = parseJson(row.doc) as JsonObject;
  if (change.kind === 'delete') return { kind: 'remove', change, row, before };
  const next = outcomeOf(change, before);
  if (next instanceof ScimError) return refused(next);
  const { memberships, password } = next;
  const after = change.isFormer ? next.document : settled(change.type, before, next.document);
  const doc = jsonTextOf(after);
  const error =
    (await protect(row.id, before, after)) ??
    refusedAsAlike(change.type, before, after) ??
    refusedAsLarge(doc, row.doc);
  return error ? refused(error) : { kind: 'alter', change, row, before, after, doc, memberships, password };
}

function creationOf(change: Creation): Draft {
  const doc = jsonTextOf(change.document);
  const error = refusedAsAlike(change.type, undefined, change.document) ?? refusedAsLarge(doc);
  return error ? { kind: 'refused', change, row: undefined, error } : { kind: 'create', change, doc };
}

function settledCreation(change: Creation): Creation {
  if (change.former) return change;
  return { ...change, document: settled(change.type, undefined, change.document) };
}

function outcomeOf(change: Mutation, before: JsonObject): Outcome | ScimError {
  try {
    return change.mutate(before);
  } catch (error) {
    if (error instanceof ScimError) return error;
    throw error;
  }
}
