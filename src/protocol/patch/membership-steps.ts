import type { AttributeDefinition } from '../../schema/attribute.ts';
import { comparable } from '../../schema/comparable.ts';
import { mutability } from '../errors.ts';
import type { CheckedFilter } from '../filter/ast.ts';
import { memberList, readMembers } from '../members.ts';
import { namesElements } from '../quirks/operations.ts';
import { type QuirkSet, takes } from '../quirks/quirks.ts';
import { isUnassigned } from '../quirks/values.ts';
import { removeWithValue } from './elements.ts';
import type { MemberReference, MembershipStep } from './membership.ts';
import type { PatchOperation } from './message.ts';

/** The step of the membership plan that an operation on `members` asks for. */
export function membershipStep(
  { op, value }: PatchOperation,
  target: { readonly filter: CheckedFilter | undefined; readonly sub: AttributeDefinition | undefined },
  quirks: QuirkSet,
): MembershipStep {
  // The one path behind brackets by which a member can be removed where elements can't be targeted as a whole.
  const removesNamed = op === 'remove' && target.filter && target.sub?.name === 'value';
  if (target.sub && !(removesNamed && quirks.has('elementTargetRefused'))) {
    // RFC 7643 §4.2: a member is added or removed, never edited.
    throw mutability(`members.${target.sub.name} can't be changed; remove the member and add another.`);
  }
  const { filter } = target;
  if (op === 'remove') return removal(filter, value, quirks);
  const members = Array.isArray(value) ? memberList(value, quirks) : readOneMember(value, quirks);
  if (op === 'add') return { kind: 'add', members };
  if (!filter) return { kind: 'replace', members };
  return { kind: 'replaceWhere', filter, members, whenNone: quirks.has('createMissingElement') ? 'add' : 'noTarget' };
}

function removal(filter: CheckedFilter | undefined, value: PatchOperation['value'], quirks: QuirkSet): MembershipStep {
  if (filter) {
    const named = idsNamed(filter);
    return named ? { kind: 'remove', members: named } : { kind: 'removeWhere', filter };
  }
  if (!namesElements(value, quirks)) return { kind: 'removeAll' };
  if (!takes(quirks, 'removeMembersByValue', 'members')) throw removeWithValue('members');
  return { kind: 'remove', members: readMembers(value, quirks) };
}

/** One member without an array around it may be added to a multi-valued attribute (RFC 7644 §3.5.2.1). */
function readOneMember(value: PatchOperation['value'], quirks: QuirkSet): MemberReference[] {
  return isUnassigned(value, quirks) ? [] : memberList([value], quirks);
}

/** The ids in `value eq "A"` or `value eq "A" or value eq "B"`; undefined when the filter says anything else. */
function idsNamed(filter: CheckedFilter): MemberReference[] | undefined {
  if (filter.kind === 'or') {
    const parts = filter.terms.map(idsNamed);
    return parts.every((part) => part !== undefined) ? parts.flat() : undefined;
  }
  if (filter.kind !== 'compare' || filter.operator !== 'eq' || filter.path.sub?.name !== 'value') return undefined;
  // Ids are stored folded, and `value` compares as its caseExact says, here as in any other filter.
  const { value } = filter;
  return typeof value === 'string' ? [{ value: String(comparable(filter.path.sub, value)) }] : undefined;
}
