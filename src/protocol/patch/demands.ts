import { refuseUndefined } from '../defined.ts';
import { invalidFilter, invalidPath, invalidValue } from '../errors.ts';
import type { CheckedFilter } from '../filter/ast.ts';
import { kindOf } from '../json.ts';
import type { QuirkSet } from '../quirks/quirks.ts';
import { isUnassigned } from '../quirks/values.ts';
import type { PatchOperation } from './message.ts';
import type { Target } from './target.ts';

/** Refuses what the demands in force don't allow of an operation on the target; what they ask of its outcome comes later. */
export function checkDemands(target: Target, operation: PatchOperation, quirks: QuirkSet): void {
  if (target.kind === 'extension') return;
  const { attribute, path } = target.at;
  const { op, value } = operation;
  const inRows = attribute.residence === 'rows';
  const wholeElement = target.filter !== undefined && target.sub === undefined;
  if (wholeElement && !(inRows && op === 'remove') && quirks.has('elementTargetRefused')) {
    throw invalidPath(
      `The path selects values of ${path} as a whole; name one of their sub-attributes behind the brackets, as in ${path}[…].value.`,
    );
  }
  const several = target.kind === 'attribute' && inRows && target.filter && !selectsOne(target.filter);
  if (several && quirks.has('oneElementSelected')) {
    throw invalidFilter(`The filter may select more than one of ${path}; send ${path}[value eq "…"] for each of them.`);
  }
  if (op === 'remove' || target.filter || target.sub !== undefined) return;
  if (attribute.multiValued && quirks.has('arrayForMany') && !Array.isArray(value) && !isUnassigned(value, quirks)) {
    throw invalidValue(`${path} is multi-valued and needs an array, but got ${kindOf(value)}.`);
  }
  if (inRows && quirks.has('undefinedRefused')) refuseUndefined(attribute, value, path);
}

/** Whether a filter over members can select one at most: it says which id. */
function selectsOne(filter: CheckedFilter): boolean {
  if (filter.kind === 'and') return filter.terms.some(selectsOne);
  return filter.kind === 'compare' && filter.operator === 'eq' && filter.path.sub?.name === 'value';
}
