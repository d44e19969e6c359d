import type { Projection } from '../protocol/projection.ts';
import { renderResource } from '../protocol/render.ts';
import { emptyObject, type JsonObject, type JsonValue } from '../schema/json.ts';
import { jsonTextOf, parseJson } from '../schema/json-text.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import type { Database } from '../storage/database.ts';
import type { MemberRow } from '../storage/members.ts';
import { membersInTurn } from '../storage/page-members.ts';
import type { ResourceRow } from '../storage/resources.ts';
import type { Scope } from './context.ts';
import { memberShown } from './representation.ts';

/** Members that are read at a time while a group is answered in parts. */
export const MEMBERS_IN_PART = 1000;

/** The text of a group whose members come in parts; where nothing is shown of any, it is answered without the attribute. */
export async function* groupText(
  scope: Scope,
  type: ResourceTypeDefinition,
  row: ResourceRow,
  attribute: string,
  projection: Projection,
  members: AsyncIterable<readonly MemberRow[]>,
): AsyncGenerator<string> {
  const shown = memberShown(scope);
  const { head, rest } = around(scope, type, row, projection);
  let lead = `${head},${JSON.stringify(attribute)}:[`;
  let end = `${head}${rest}`;
  for await (const some of members) {
    const elements = kept(attribute, some.map(shown), projection);
    if (elements.length === 0) continue;
    yield lead + JSON.stringify(elements).slice(1, -1);
    lead = ',';
    end = `]${rest}`;
  }
  yield end;
}

/** The text of a group with the members that it has when each part is taken. */
export function textOfPresent(
  db: Database,
  scope: Scope,
  type: ResourceTypeDefinition,
  row: ResourceRow,
  attribute: string,
  projection: Projection,
): AsyncGenerator<string> {
  const members = membersInTurn(db, scope.tenantId, row.id, MEMBERS_IN_PART);
  return groupText(scope, type, row, attribute, projection, members);
}

/** The text of the answer around the members: what comes before, with which it begins, and what comes behind. */
function around(
  scope: Scope,
  type: ResourceTypeDefinition,
  row: ResourceRow,
  projection: Projection,
): { head: string; rest: string } {
  const document = parseJson(row.doc) as JsonObject;
  const { meta } = renderResource(type, emptyObject(), {}, row, scope.baseUrl);
  const textOf = (part: JsonObject) => jsonTextOf(projection.isWhole ? part : projection.apply(part));
  const rest = textOf({ ...(meta === undefined ? {} : { meta }) });
  // There is a member in the head at least: `schemas` and `id` are always answered.
  return { head: textOf(document).slice(0, -1), rest: rest === '{}' ? '}' : `,${rest.slice(1)}` };
}

/** The part of the elements that the answer holds. */
function kept(attribute: string, elements: readonly JsonObject[], projection: Projection): readonly JsonValue[] {
  if (projection.isWhole) return elements;
  const applied = projection.apply({ [attribute]: [...elements] })[attribute];
  return Array.isArray(applied) ? applied : [];
}
