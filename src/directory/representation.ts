import { type ScimError, tooMany } from '../protocol/errors.ts';
import { etagOf } from '../protocol/etag.ts';
import { MAX_MEMBERS_LISTED } from '../protocol/limits.ts';
import type { Projection } from '../protocol/projection.ts';
import { locationOf, renderResource, renderText } from '../protocol/render.ts';
import type { Residence } from '../schema/attribute.ts';
import type { JsonObject, JsonValue } from '../schema/json.ts';
import { parseJson } from '../schema/json-text.ts';
import { publishedTypes, type Registry } from '../schema/registry.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import type { Database } from '../storage/database.ts';
import { groupRows } from '../storage/groups.ts';
import { type MemberRow, membersOf } from '../storage/members.ts';
import type { Reading, ResourceRow } from '../storage/resources.ts';
import type { Scope } from './context.ts';

/** A resource as it is answered. */
export interface Representation {
  readonly id: string;
  readonly etag: string;
  readonly location: string;
  readonly body: JsonObject;
  /** The body as JSON, where that was had without parsing it. */
  readonly text?: string;
}

/** A resource to be shown, with its members where they are read already; one of the past has those that it had then. */
type ShownRow = ResourceRow & { readonly members?: readonly MemberRow[] };

/** The type with that number; undefined when the tenant no longer has it. */
export function typeNumbered(registry: Registry, number: number): ResourceTypeDefinition | undefined {
  return publishedTypes(registry).find((type) => type.number === number);
}

/** Prefix of the URIs of resources of a type, for `$ref`. */
export function locationPrefix(scope: Scope): (typeNumber: number) => string {
  return (number) => `${scope.baseUrl}${typeNumbered(scope.dialect.registry, number)?.endpoint ?? ''}/`;
}

/** Name of the type with that number, for `members.type`. */
export function typeName(scope: Scope): (typeNumber: number) => string {
  return (number) => typeNumbered(scope.dialect.registry, number)?.name ?? '';
}

/** The resources as they are answered; what is kept in rows is read for all of them at once, and only if it is wanted. */
export async function represent(
  db: Database,
  scope: Scope,
  type: ResourceTypeDefinition,
  found: readonly ShownRow[],
  projection: Projection,
): Promise<Representation[]> {
  const rowsOf = await loadRows(db, scope, type, found, projection);
  return found.map((row) => {
    const { id } = row;
    const [etag, location] = [etagOf(row.version), locationOf(scope.baseUrl, type, id)];
    if (projection.isWhole) {
      return new WholeText(id, etag, location, renderText(type, row.doc, rowsOf(id), row, scope.baseUrl));
    }
    const document = parseJson(row.doc) as JsonObject;
    const resource = renderResource(type, document, rowsOf(id), row, scope.baseUrl);
    return { id, etag, location, body: projection.apply(resource) };
  });
}

/** A resource that is answered as it is stored: most who answer need no more of it than the text. */
class WholeText implements Representation {
  readonly id: string;
  readonly etag: string;
  readonly location: string;
  readonly text: string;

  constructor(id: string, etag: string, location: string, text: string) {
    this.id = id;
    this.etag = etag;
    this.location = location;
    this.text = text;
  }

  get body(): JsonObject {
    return parseJson(this.text) as JsonObject;
  }
}

type RowsOf = (id: string) => Readonly<Record<string, JsonValue[] | undefined>>;

async function loadRows(
  db: Database,
  scope: Scope,
  type: ResourceTypeDefinition,
  found: readonly ShownRow[],
  projection: Projection,
): Promise<RowsOf> {
  const ids = found.map((row) => row.id);
  const members = wantedOf(type, 'rows', projection);
  const groups = wantedOf(type, 'derived', projection);
  const location = locationPrefix(scope);
  if (members !== undefined && ids.length > 0) {
    const shown = memberShown(scope);
    const unread = found.filter((row) => row.members === undefined).map((row) => row.id);
    const rows = await membersShown(db, scope.tenantId, unread, members);
    for (const row of found) if (row.members) rows.set(row.id, row.members);
    return (id) => ({ [members]: rows.get(id)?.map(shown) });
  }
  if (groups !== undefined && ids.length > 0) {
    const rows = new Map(found.map((row) => [row.id, groupRows(row.groups)]));
    const groupType = scope.dialect.registry.types.find((candidate) => holdsMembers(candidate));
    const prefix = groupType ? location(groupType.number) : '';
    return (id) => ({
      [groups]: rows.get(id)?.map((group) => ({
        value: group.id,
        $ref: `${prefix}${group.id}`,
        ...(group.display === null ? {} : { display: group.display }),
        type: group.direct ? 'direct' : 'indirect',
      })),
    });
  }
  return () => ({});
}

/** A member as its group shows it. */
export function memberShown(scope: Scope): (member: MemberRow) => JsonObject {
  const [location, name] = [locationPrefix(scope), typeName(scope)];
  return ({ id, type, display }) => ({
    value: id,
    $ref: `${location(type)}${id}`,
    ...(display === null ? {} : { display }),
    type: name(type),
  });
}

/** The name of the core attribute that resides there, where the projection wants it. */
export function wantedOf(
  type: ResourceTypeDefinition,
  residence: Residence,
  projection: Projection,
): string | undefined {
  const found = type.schema.attributes.find((attribute) => attribute.residence === residence);
  return found && projection.wants(found.name) ? found.name : undefined;
}

/** Whether resources of the type show the groups that they are in. */
export function derivesGroups(type: ResourceTypeDefinition): boolean {
  return type.schema.attributes.some((attribute) => attribute.residence === 'derived');
}

/** What has to be read of resources for the projection. */
export function readingFor(type: ResourceTypeDefinition, projection: Projection): Reading {
  const derived = type.schema.attributes.filter((attribute) => attribute.residence === 'derived');
  return { groups: derived.some((attribute) => projection.wants(attribute.name)) };
}

/** The members of each group. A list refuses to show more than a limit; a group by itself shows all that it has. */
async function membersShown(
  db: Database,
  tenantId: string,
  ids: readonly string[],
  attribute: string,
): Promise<Map<string, readonly MemberRow[]>> {
  if (ids.length === 0) return new Map();
  if (ids.length === 1) return membersOf(db, tenantId, ids);
  const shown = await membersOf(db, tenantId, ids, MAX_MEMBERS_LISTED + 1);
  const count = [...shown.values()].reduce((sum, members) => sum + members.length, 0);
  if (count <= MAX_MEMBERS_LISTED) return shown;
  throw tooManyMembers(ids.length, attribute);
}

/** The refusal of a page of so many resources that have too many members together. */
export function tooManyMembers(count: number, attribute: string): ScimError {
  return tooMany(
    `The ${count} resources of this page have more than ${MAX_MEMBERS_LISTED} ${attribute} together; send ` +
      `excludedAttributes=${attribute}, or a smaller count.`,
  );
}

/** Whether resources of the type have members. */
export function holdsMembers(type: ResourceTypeDefinition): boolean {
  return type.schema.attributes.some((attribute) => attribute.residence === 'rows');
}

/** One resource as it is answered. */
export async function representOne(
  db: Database,
  scope: Scope,
  type: ResourceTypeDefinition,
  row: ShownRow,
  projection: Projection,
): Promise<Representation> {
  const [representation] = await represent(db, scope, type, [row], projection);
  return representation as Representation;
}
