import { type SQL, sql } from 'drizzle-orm';
import { invalidFilter } from '../protocol/errors.ts';
import type { FilterValue } from '../protocol/filter/ast.ts';
import { comparable } from '../schema/comparable.ts';
import { leafOf, type ResolvedAttribute } from '../schema/registry.ts';
import { fillsIndex, indexedPart } from './cut.ts';
import type { PositiveOperator } from './normal-form.ts';
import { hasTrigram } from './trigram-index.ts';

const MAX_CODE_POINT = 0x10ffff;
// Neither can be stored, so no stored value matches; the drivers would refuse the one and replace the other.
const UNSTORABLE = /\0|\p{Surrogate}/u;

/** Whether a stored text can be equal to this one, or hold it. */
export function isStorable(text: string): boolean {
  return !UNSTORABLE.test(text);
}

/** The comparable form of a filter's literal, or undefined when no stored value can have it in it. */
export function needleOf(path: ResolvedAttribute, value: FilterValue): string | undefined {
  const needle = comparable(leafOf(path), value);
  if (needle === undefined) throw invalidFilter(`"${path.path}" can't be compared with that value.`);
  return isStorable(needle) ? needle : undefined;
}

/** Compares a text of collation "C" with a literal. Null where the text is null. */
export function textCondition(text: SQL, operator: PositiveOperator, needle: string): SQL {
  const literal = sql`${needle}::text`;
  switch (operator) {
    case 'eq':
      return sql`${text} = ${literal}`;
    case 'sw':
      return prefixCondition(text, needle);
    // For `like` there may be an index, which would hand out all that it has where the needle has no trigram.
    case 'co':
      if (hasTrigram(needle)) return sql`${text} like ${likePattern(operator, needle)}::text`;
      return sql`strpos(${text}, ${literal}) > 0`;
    case 'ew':
      if (hasTrigram(needle)) return sql`${text} like ${likePattern(operator, needle)}::text`;
      return sql`right(${text}, length(${literal})) = ${literal}`;
    case 'gt':
      return sql`${text} > ${literal}`;
    case 'ge':
      return sql`${text} >= ${literal}`;
    case 'lt':
      return sql`${text} < ${literal}`;
    case 'le':
      return sql`${text} <= ${literal}`;
  }
}

/** Compares the value of a row of `attribute_values`, through the index as far as that holds it. */
export function valueCondition(row: SQL, operator: PositiveOperator, needle: string): SQL {
  const value = sql`${row}.value`;
  const whole = sql`coalesce(${row}.full_value, ${row}.value)`;
  if (operator === 'co' || operator === 'ew') {
    const holds = textCondition(whole, operator, needle);
    // Shorter values are not in the index of trigrams.
    return hasTrigram(needle) ? sql`length(${value}) >= 3 and ${holds}` : holds;
  }
  const part = indexedPart(needle);
  if (!fillsIndex(part)) return textCondition(value, operator, needle);
  return sql`${textCondition(value, BY_PART[operator], part)} and ${textCondition(whole, operator, needle)}`;
}

// What holds for the indexed parts when the operator holds for the values; the values themselves are compared after it.
const BY_PART = { eq: 'eq', sw: 'eq', gt: 'ge', ge: 'ge', lt: 'le', le: 'le' } as const;

/** The pattern of the values that hold the text, or end with it. */
function likePattern(operator: 'co' | 'ew', needle: string): string {
  const text = needle.replaceAll(/[\\%_]/g, '\\$&');
  return operator === 'co' ? `%${text}%` : `%${text}`;
}

/** A range, because `like` with a parameter can't use an index. */
function prefixCondition(text: SQL, prefix: string): SQL {
  const end = afterPrefix(prefix);
  const from = sql`${text} >= ${prefix}::text`;
  return end === undefined ? from : sql`${from} and ${text} < ${end}::text`;
}

/** The first text, by code point, that comes after every text with the prefix; undefined when none does. */
export function afterPrefix(prefix: string): string | undefined {
  const points = Array.from(prefix, (character) => character.codePointAt(0) ?? 0);
  for (let last = points.pop(); last !== undefined; last = points.pop()) {
    if (last === MAX_CODE_POINT) continue;
    // U+D800–DFFF are no characters.
    const next = last === 0xd7ff ? 0xe000 : last + 1;
    return String.fromCodePoint(...points, next);
  }
  return undefined;
}
