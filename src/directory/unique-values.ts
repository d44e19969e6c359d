import { type ScimError, uniqueness } from '../protocol/errors.ts';
import { abridged } from '../protocol/json.ts';
import { uniquePathsOf, uniqueValuesOf, withoutUnique } from '../protocol/unique-values.ts';
import { isHidden } from '../schema/attribute.ts';
import { jsonTextOf } from '../schema/json-text.ts';
import { leafOf } from '../schema/registry.ts';
import type { Database } from '../storage/database.ts';
import {
  claimUniqueValues,
  type OwnedUniqueValue,
  releaseUniqueValues,
  takenUniqueValues,
} from '../storage/unique-values.ts';
import type { Scope } from './context.ts';
import type { Draft } from './draft.ts';
import { type Ledger, open } from './ledger.ts';
import { refuseTakenKeys } from './taken-keys.ts';

type Storing = Extract<Draft, { kind: 'create' | 'alter' }>;

/** The unique values that a change takes and those that it gives up. */
export interface UniqueDifference {
  readonly taken: readonly OwnedUniqueValue[];
  readonly released: readonly OwnedUniqueValue[];
}

const NO_DIFFERENCE: UniqueDifference = { taken: [], released: [] };

/** What of unique values a draft changes; nothing where its type declares none. */
export function uniqueDifference(draft: Draft): UniqueDifference {
  if (draft.kind === 'refused' || draft.kind === 'link') return NO_DIFFERENCE;
  const { type } = draft.change;
  if (uniquePathsOf(type).length === 0) return NO_DIFFERENCE;
  const id = draft.kind === 'create' ? draft.change.id : draft.row.id;
  const before = draft.kind === 'create' ? [] : uniqueValuesOf(type, draft.before);
  const after =
    draft.kind === 'remove' ? [] : uniqueValuesOf(type, draft.kind === 'create' ? draft.change.document : draft.after);
  const owned = (values: typeof before) => values.map((one) => ({ ...one, typeName: type.name, resourceId: id }));
  return { taken: owned(withoutUnique(after, before)), released: owned(withoutUnique(before, after)) };
}

/** Refuses those that take a unique value which another resource has, so that the others can be stored. */
export async function refuseTakenValues(
  tx: Database,
  scope: Scope,
  ledger: Ledger,
  drafts: readonly Storing[],
): Promise<void> {
  const asked = open(ledger, drafts).map((draft) => ({ draft, values: uniqueDifference(draft).taken }));
  const taken = await takenUniqueValues(
    tx,
    scope.tenantId,
    asked.flatMap(({ values }) => values),
  );
  const refused = asked.flatMap(({ draft, values }) => {
    const value = values.find((one) => taken.includes(one));
    return value ? [{ draft, value }] : [];
  });
  for (const { draft, value } of refused) ledger.written.set(draft, takenValue(value));
  // By itself a new resource meets a taken name first, and then the answer names that.
  await refuseTakenKeys(
    tx,
    scope,
    ledger,
    refused.map(({ draft }) => draft).filter((draft) => draft.kind === 'create'),
  );
}

/** Stores what the drafts take of unique values, and frees what they give up; throws the refusal of a value that is taken. */
export async function moveUniqueValues(tx: Database, scope: Scope, drafts: readonly Draft[]): Promise<void> {
  const differences = drafts
    .map(uniqueDifference)
    .filter(({ taken, released }) => taken.length > 0 || released.length > 0);
  if (differences.length === 0) return;
  await releaseUniqueValues(
    tx,
    scope.tenantId,
    differences.flatMap(({ released }) => released),
  );
  const [taken] = await claimUniqueValues(
    tx,
    scope.tenantId,
    differences.flatMap((difference) => difference.taken),
  );
  if (taken) throw takenValue(taken);
}

function takenValue({ typeName, path, value }: OwnedUniqueValue): ScimError {
  const leaf = leafOf(path);
  const hidden = isHidden(path.attribute) || isHidden(leaf);
  const shown = hidden ? 'that value' : `the value ${abridged(jsonTextOf(value))}`;
  const letters = leaf.type === 'string' && !leaf.caseExact ? ', in any letter case' : '';
  return uniqueness(`Another ${typeName} has ${shown} in ${path.path}, which is unique${letters}; send another one.`);
}
