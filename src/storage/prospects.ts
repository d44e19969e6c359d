import { questionOf } from './census-question.ts';
import { toldAbout } from './censuses.ts';
import type { Database } from './handle.ts';
import type { ScopedTerm } from './leaf-sizes.ts';
import type { Leaf, Term } from './normal-form.ts';
import { rankOf, type SizeOf } from './ranks.ts';

/** How many resources a term selects, and how many there are, as a census told it some seconds ago. */
export interface Prospect {
  readonly selected: number;
  readonly all: number;
}

/** What is known of a term that way. */
export type ProspectOf = (term: Term) => Prospect | undefined;

/** Nothing is known. */
export const NO_PROSPECTS: ProspectOf = () => undefined;

/**
 * What a census tells of terms that are likely to select less than one resource of so many, which would make a walk over
 * candidates vain. Of others it is not asked: to count by it takes some milliseconds, in which a page could be read.
 */
export async function prospectsOf(
  db: Database,
  terms: readonly ScopedTerm[],
  sizeOf: SizeOf,
  probes: number,
): Promise<ProspectOf> {
  const found = new Map<Term, Prospect>();
  for (const { term, scope } of terms) {
    if (term.kind !== 'and') continue;
    const of = { tenantId: scope.tenantId, type: scope.type.number };
    const all = await toldAbout(db, { ...of, question: undefined });
    if (!all || likelyShare(term, (leaf) => rankOfLeaf(leaf, sizeOf) / all) * probes >= 1) continue;
    const question = questionOf(term, scope);
    const selected = question && (await toldAbout(db, { ...of, question }));
    if (selected !== undefined) found.set(term, { selected, all });
  }
  return (term) => found.get(term);
}

/** Whether so many candidates for each result that is wanted would hardly be enough, of as many as there are. */
export function isVain(prospect: Prospect | undefined, tests: number, candidates = prospect?.all ?? 0): boolean {
  return prospect !== undefined && prospect.selected * tests < candidates;
}

/** The rank of the leaf by itself. */
export function rankOfLeaf(leaf: Leaf, sizeOf: SizeOf): number {
  return rankOf({ kind: 'leaf', leaf, negated: false }, sizeOf);
}

/** The part of all that the term selects, if its leaves had nothing to do with each other. */
function likelyShare(term: Term, shareOf: (leaf: Leaf) => number): number {
  if (term.kind === 'leaf') {
    const share = Math.min(1, shareOf(term.leaf));
    return term.negated ? 1 - share : share;
  }
  const shares = term.terms.map((one) => likelyShare(one, shareOf));
  if (term.kind === 'and') return shares.reduce((product, share) => product * share, 1);
  return 1 - shares.reduce((rest, share) => rest * (1 - share), 1);
}
