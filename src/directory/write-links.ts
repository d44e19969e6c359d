import type { ScimError } from '../protocol/errors.ts';
import type { Database } from '../storage/database.ts';
import { joinGroups, leaveGroups } from '../storage/links.ts';
import { touchGroups } from '../storage/members.ts';
import { unknownMember } from '../storage/membership.ts';
import type { Link } from './changes.ts';
import type { Context, Scope } from './context.ts';
import type { Draft } from './draft.ts';
import type { Ledger } from './ledger.ts';
import { alreadyMember, linkId, withoutMembership } from './links.ts';
import { membershipRules } from './membership-rules.ts';
import { eventsOf } from './record.ts';

/** Begins and ends memberships, no one of them twice; each group moves on once for each, as by a PATCH of it. */
export async function writeLinks(
  tx: Database,
  context: Context,
  scope: Scope,
  ledger: Ledger,
  drafts: readonly Extract<Draft, { kind: 'link' }>[],
): Promise<void> {
  if (drafts.length === 0) return;
  const refusalOf = await linked(
    tx,
    scope,
    drafts.map(({ change }) => change),
  );
  const outcomes = drafts.map((draft) => ({ draft, refusal: refusalOf(draft.change) }));
  const done = outcomes.filter(({ refusal }) => refusal === undefined).map(({ draft }) => draft);
  const at = context.clock();
  const groups = done.map(({ row }) => row.id);
  const touched = await touchGroups(tx, scope.tenantId, groups, at);
  const versions = new Map(touched.map(({ id, version }) => [id, version]));
  for (const id of groups) versions.set(id, (versions.get(id) ?? 0) - 1);
  for (const { draft, refusal } of outcomes) {
    const { change, row } = draft;
    if (refusal) {
      ledger.written.set(draft, refusal);
      continue;
    }
    const version = (versions.get(row.id) ?? 0) + 1;
    versions.set(row.id, version);
    // What the sender made or ended is the membership, which has one version while it lasts.
    ledger.written.set(draft, { ...row, id: linkId(change), version: 1 });
    const recorded = { type: change.type, id: row.id, kind: 'patch', version, at } as const;
    const unchanged = { before: undefined, after: undefined, beyondDocument: ['members'] };
    ledger.unstored.push(...eventsOf(context, scope, { ...recorded, ...unchanged }));
  }
}

/** Carries the links out and tells why one could not be. */
async function linked(
  tx: Database,
  scope: Scope,
  links: readonly Link[],
): Promise<(link: Link) => ScimError | undefined> {
  const ofKind = (kind: Link['kind']) =>
    links.filter((link) => link.kind === kind).map(({ address, member }) => ({ group: address, member }));
  const rules = membershipRules(scope);
  const joined = await joinGroups(tx, rules, ofKind('join'));
  const left = await leaveGroups(tx, scope.tenantId, ofKind('leave'));
  return (link) => {
    const id = linkId(link);
    if (link.kind === 'leave') return left.has(id) ? undefined : withoutMembership(id);
    if (joined.get(id) === 'joined') return undefined;
    return joined.get(id) === 'present' ? alreadyMember(link) : unknownMember(link.member, rules);
  };
}
