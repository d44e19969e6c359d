import { attributeNumber } from './catalog.ts';
import { needleOf } from './conditions.ts';
import { fillsIndex } from './cut.ts';
import type { FilterScope } from './filter-to-sql.ts';
import { leavesOf, type Term } from './normal-form.ts';
import { isEqual, isOfValues, isSingle } from './value-sets.ts';

/** Which resources are counted: those of which this holds for a value. */
export interface ValueQuestion {
  readonly kind: 'value';
  /** Its catalog number. */
  readonly attribute: number;
  /** What the value is; undefined for any, null for none that there can be. */
  readonly needle?: string | null;
  readonly negated: boolean;
}

/** What of a type's resources is counted, by the values that they have. */
export type CensusQuestion =
  | { readonly kind: 'and' | 'or'; readonly questions: readonly CensusQuestion[] }
  | ValueQuestion;

/** Most leaves of a question: each looks at all resources. */
export const MOST_ASKED = 16;

/**
 * The term as such a question; undefined where it asks for anything but values of which a resource has one at most, or for
 * more of a long one than its beginning.
 */
export function questionOf(term: Term, scope: FilterScope): CensusQuestion | undefined {
  return leavesOf(term).length > MOST_ASKED ? undefined : asked(term, scope);
}

/** The attributes that the question asks for. */
export function attributesAsked(question: CensusQuestion): ReadonlySet<number> {
  const found = new Set<number>();
  gather(question, found);
  return found;
}

function gather(question: CensusQuestion, found: Set<number>): void {
  if (question.kind === 'value') found.add(question.attribute);
  else for (const one of question.questions) gather(one, found);
}

function asked(term: Term, scope: FilterScope): CensusQuestion | undefined {
  if (term.kind !== 'leaf') {
    const questions: CensusQuestion[] = [];
    for (const one of term.terms) {
      const question = asked(one, scope);
      if (!question) return undefined;
      questions.push(question);
    }
    return { kind: term.kind, questions };
  }
  const { leaf, negated } = term;
  if (leaf.kind === 'valuePath' || !isOfValues(leaf, scope) || !isSingle(leaf)) return undefined;
  const attribute = attributeNumber(scope.type.name, leaf.path.path);
  if (leaf.kind === 'present') return { kind: 'value', attribute, negated };
  if (!isEqual(leaf)) return undefined;
  const needle = needleOf(leaf.path, leaf.value) ?? null;
  // Of a long value the index has only the beginning.
  return needle !== null && fillsIndex(needle) ? undefined : { kind: 'value', attribute, needle, negated };
}
