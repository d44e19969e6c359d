import { notFound } from '../protocol/errors.ts';
import { abridged } from '../protocol/json.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import type { Database } from '../storage/database.ts';
import { membersOf } from '../storage/members.ts';
import type { Reading, TypedRow } from '../storage/resources.ts';
import { resourceAt } from './address.ts';
import type { Scope } from './context.ts';
import type { Draft } from './draft.ts';
import type { PastState } from './past.ts';
import { holdsMembers } from './representation.ts';

/** Remembers, where reads lag behind, what the drafts are about to change. One that is not written then does no harm. */
export async function rememberPast(tx: Database, scope: Scope, drafts: readonly Draft[]): Promise<void> {
  if (!scope.past) return;
  const holders = drafts.flatMap((draft) =>
    (draft.kind === 'alter' || draft.kind === 'remove' || draft.kind === 'link') && holdsMembers(draft.change.type)
      ? [draft.row.id]
      : [],
  );
  const members = holders.length > 0 ? await membersOf(tx, scope.tenantId, holders) : new Map();
  scope.past.remember(drafts.flatMap((draft) => stateBefore(draft, members)));
}

function stateBefore(draft: Draft, members: Awaited<ReturnType<typeof membersOf>>): PastState[] {
  if (draft.kind === 'refused') return [];
  if (draft.kind === 'create') return [{ id: draft.change.id, row: undefined }];
  const { row, change } = draft;
  const own = members.get(row.id);
  return [{ id: row.id, row: { ...row, type: change.type.number, ...(own ? { members: own } : {}) } }];
}

/** The resource that a path names, as reads see it: where they lag behind, as it was; throws 404 and 409. */
export async function resourceSeenAt(
  db: Database,
  scope: Scope,
  type: ResourceTypeDefinition,
  address: string,
  reading: Reading,
): Promise<TypedRow> {
  // A resource that is deleted is found by its past alone.
  const state = scope.past?.of(address);
  const row = state ? state.row : await presentAt(db, scope, type, address, reading);
  if (row?.type !== type.number) throw notFound(`There is no ${type.name} "${abridged(address)}".`);
  return row;
}

async function presentAt(db: Database, scope: Scope, type: ResourceTypeDefinition, address: string, reading: Reading) {
  const row = await resourceAt(db, scope, type, address, reading);
  const state = scope.past?.of(row.id);
  return state ? state.row : row;
}

/** The resources that were found, as reads see them; those that are not seen yet are left out. */
export function seen<Row extends { readonly id: string }>(
  { past }: Scope,
  found: readonly Row[],
): readonly (Row | TypedRow)[] {
  if (!past) return found;
  return found.flatMap((row): readonly (Row | TypedRow)[] => {
    const state = past.of(row.id);
    if (!state) return [row];
    return state.row ? [state.row] : [];
  });
}
