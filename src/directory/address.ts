import { notFound, ScimError } from '../protocol/errors.ts';
import { abridged, unstorable } from '../protocol/json.ts';
import { MAX_KEY_LENGTH } from '../protocol/limits.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import type { Database } from '../storage/database.ts';
import { findResources, idsByExternalIds, lockResources, type Reading, type TypedRow } from '../storage/resources.ts';
import type { Scope } from './context.ts';
import { derivesGroups } from './representation.ts';

// Ids are issued in lower case and are caseExact (RFC 7643 §3.1).
const ISSUED_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** A resource as a path names it: by its id or, where the profile says so, by its externalId; the id always wins. */
export interface Addressed {
  readonly type: ResourceTypeDefinition;
  readonly address: string;
}

type Find = typeof findResources;
type Named = ReadonlyMap<Addressed, string | ScimError>;

/** The resource that a path names; throws 404 when there is none and 409 when the name is borne by several. */
export async function resourceAt(
  db: Database,
  scope: Scope,
  type: ResourceTypeDefinition,
  address: string,
  reading: Reading,
): Promise<TypedRow> {
  const [found] = await addressed(db, scope, [{ type, address }], findResources, reading);
  if (!found || found instanceof ScimError) throw found;
  return found;
}

/** Whether rows are read as they are, or locked until the transaction ends as well. */
export type Holding = 'read' | 'lock';

/** The resources that paths name, or why they name none, to change them. */
export function resourcesToChangeAt(
  db: Database,
  scope: Scope,
  asked: readonly Addressed[],
  holding: Holding,
): Promise<(TypedRow | ScimError)[]> {
  // The answer to a change shows the groups too.
  const reading = { groups: asked.some(({ type }) => derivesGroups(type)) };
  return addressed(db, scope, asked, holding === 'lock' ? lockResources : findResources, reading);
}

async function addressed(
  db: Database,
  scope: Scope,
  asked: readonly Addressed[],
  find: Find,
  reading: Reading,
): Promise<(TypedRow | ScimError)[]> {
  // What can't be an id first, so that all rows that are likely to be there are locked at once and in one order.
  const named = await byExternalId(
    db,
    scope,
    asked.filter(({ address }) => !ISSUED_ID.test(address)),
  );
  const ids = asked.map((one) => (ISSUED_ID.test(one.address) ? one.address : named.get(one)));
  const found = await find(db, scope.tenantId, texts(ids), reading);
  const byId = asked.map((one, index) => rowOf(found, one, ids[index]));
  const missed = asked.filter((one, index) => !byId[index] && ISSUED_ID.test(one.address));
  const renamed = await byExternalId(db, scope, missed);
  const late = await find(db, scope.tenantId, texts([...renamed.values()]), reading);
  return asked.map((one, index) => {
    const name = named.get(one) ?? renamed.get(one);
    if (name instanceof ScimError) return name;
    const row = byId[index] ?? rowOf(late, one, name);
    return row ?? notFound(`There is no ${one.type.name} "${abridged(one.address)}".`);
  });
}

function rowOf(found: ReadonlyMap<string, TypedRow>, { type }: Addressed, id: string | ScimError | undefined) {
  const row = typeof id === 'string' ? found.get(id) : undefined;
  return row?.type === type.number ? row : undefined;
}

function texts(ids: readonly (string | ScimError | undefined)[]): string[] {
  return [...new Set(ids)].filter((id) => typeof id === 'string');
}

/** The ids of those that have the address as their externalId, or the error where several have. */
async function byExternalId(db: Database, scope: Scope, asked: readonly Addressed[]): Promise<Named> {
  const named = new Map<Addressed, string | ScimError>();
  if (scope.dialect.profile.addressBy === 'id') return named;
  const possible = asked.filter(
    ({ address }) => address !== '' && address.length <= MAX_KEY_LENGTH && !unstorable(address),
  );
  const names = possible.map(({ type, address }) => ({ typeNumber: type.number, name: address }));
  const holders = await idsByExternalIds(db, scope.tenantId, names);
  for (const [index, one] of possible.entries()) {
    const [id, another] = holders[index] ?? [];
    if (another !== undefined) named.set(one, ambiguous(one));
    else if (id !== undefined) named.set(one, id);
  }
  return named;
}

function ambiguous({ type, address }: Addressed): ScimError {
  return new ScimError(
    409,
    `More than one ${type.name} has the externalId "${abridged(address)}", so it names none of them; use the id.`,
  );
}
