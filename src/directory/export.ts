import { invalidValue } from '../protocol/errors.ts';
import { abridged } from '../protocol/json.ts';
import { MAX_LISTED_BYTES } from '../protocol/limits.ts';
import { type Projection, projectionOf } from '../protocol/projection.ts';
import { renderResource } from '../protocol/render.ts';
import type { JsonObject } from '../schema/json.ts';
import { jsonTextOf, parseJson } from '../schema/json-text.ts';
import { attributesOf } from '../schema/registry.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import { type ExportedPart, membersAfter, resourcesAfter } from '../storage/export.ts';
import { firstMembers } from '../storage/page-members.ts';
import type { ResourceRow } from '../storage/resources.ts';
import type { Context, Scope } from './context.ts';
import { holdsMembers, typeName } from './representation.ts';

/** How much is read at once. */
const PART: ExportedPart = { count: 500, bytes: MAX_LISTED_BYTES };
/** Most members in a line; more follow in further lines of the same group. */
export const MEMBERS_IN_LINE = 10_000;

/** A member as a line names it; what else references show follows from it. */
type Member = { readonly id: string; readonly type: number };

/**
 * The resources of a tenant as JSON lines, which an import reads again: those without members first. Nothing is held open
 * meanwhile and little is kept, so of what changes while it is read some is seen and some is not.
 */
export async function* exportLines(context: Context, scope: Scope, typeAsked?: string): AsyncGenerator<string> {
  for (const type of typesAsked(scope, typeAsked)) {
    const projection = everythingOf(type);
    let last: string | undefined;
    for (;;) {
      const page = await resourcesAfter(context.db, scope.tenantId, type.number, last, PART);
      if (page.length === 0) break;
      const lines = holdsMembers(type)
        ? groupLines(context, scope, type, projection, page)
        : page.map((row) => line(scope, type, projection, row, []));
      for await (const text of lines) yield text;
      last = page.at(-1)?.id;
    }
  }
}

async function* groupLines(
  { db }: Context,
  scope: Scope,
  type: ResourceTypeDefinition,
  projection: Projection,
  page: readonly ResourceRow[],
): AsyncGenerator<string> {
  const ids = page.map(({ id }) => id);
  const most = MEMBERS_IN_LINE + 1;
  const members = await firstMembers(db, scope.tenantId, ids, most, most);
  const count = [...members.values()].reduce((sum, list) => sum + list.length, 0);
  for (const row of page) {
    if (count <= MEMBERS_IN_LINE) {
      yield line(scope, type, projection, row, members.get(row.id) ?? []);
      continue;
    }
    let last: string | undefined;
    for (;;) {
      const part = await membersAfter(db, scope.tenantId, row.id, last, MEMBERS_IN_LINE);
      if (last === undefined || part.length > 0) yield line(scope, type, projection, row, part);
      last = part.at(-1)?.id;
      if (part.length < MEMBERS_IN_LINE) break;
    }
  }
}

function line(
  scope: Scope,
  type: ResourceTypeDefinition,
  projection: Projection,
  row: ResourceRow,
  members: readonly Member[],
): string {
  const name = typeName(scope);
  const rows = { members: members.map((member) => ({ value: member.id, type: name(member.type) })) };
  const document = parseJson(row.doc) as JsonObject;
  return `${jsonTextOf(projection.apply(renderResource(type, document, rows, row, scope.baseUrl)))}\n`;
}

/** All that may ever be shown of resources of the type, but for what follows from others, such as a user's groups. */
function everythingOf(type: ResourceTypeDefinition): Projection {
  const names = attributesOf(type).flatMap(({ path, attribute }) => {
    if (attribute.residence === 'derived') return [];
    return attribute.subAttributes?.map((sub) => `${path}.${sub.name}`) ?? [path];
  });
  return projectionOf(type, { attributes: names.join(',') });
}

/** The type that is asked for, or all: those that have members behind those that can be one. */
function typesAsked({ dialect }: Scope, asked: string | undefined): ResourceTypeDefinition[] {
  const { types } = dialect.registry;
  if (asked === undefined) return types.toSorted((a, b) => Number(holdsMembers(a)) - Number(holdsMembers(b)));
  const found = types.filter(({ name }) => name.toLowerCase() === asked.toLowerCase());
  if (found.length > 0) return found;
  throw invalidValue(
    `There is no resource type "${abridged(asked)}"; the tenant has ${types.map(({ name }) => name).join(', ')}.`,
  );
}
