import { notFound, ScimError } from '../protocol/errors.ts';
import { abridged, unstorable } from '../protocol/json.ts';
import { MAX_KEY_LENGTH } from '../protocol/limits.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import type { Database } from '../storage/database.ts';
import { findResource, idsByExternalId, lockResource, type ResourceRow } from '../storage/resources.ts';
import type { Scope } from './context.ts';

// Ids are issued in lower case and are caseExact (RFC 7643 §3.1).
const ISSUED_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

type Find = typeof findResource;

/** The resource that a path names; throws 404 when there is none and 409 when the name is borne by several. */
export function resourceAt(db: Database, scope: Scope, type: ResourceTypeDefinition, address: string) {
  return addressed(db, scope, type, address, findResource);
}

/** The same, with its row locked until the transaction ends. */
export function lockedResourceAt(tx: Database, scope: Scope, type: ResourceTypeDefinition, address: string) {
  return addressed(tx, scope, type, address, lockResource);
}

async function addressed(
  db: Database,
  scope: Scope,
  type: ResourceTypeDefinition,
  address: string,
  find: Find,
): Promise<ResourceRow> {
  const byId = ISSUED_ID.test(address) ? await find(db, scope.tenantId, type.number, address) : undefined;
  const row = byId ?? (await byExternalId(db, scope, type, address, find));
  if (!row) throw notFound(`There is no ${type.name} "${abridged(address)}".`);
  return row;
}

async function byExternalId(
  db: Database,
  scope: Scope,
  type: ResourceTypeDefinition,
  address: string,
  find: Find,
): Promise<ResourceRow | undefined> {
  if (scope.dialect.profile.addressBy === 'id') return undefined;
  if (address === '' || address.length > MAX_KEY_LENGTH || unstorable(address)) return undefined;
  const [id, another] = await idsByExternalId(db, scope.tenantId, type.number, address);
  if (another !== undefined) {
    throw new ScimError(
      409,
      `More than one ${type.name} has the externalId "${abridged(address)}", so it names none of them; use the id.`,
    );
  }
  return id === undefined ? undefined : find(db, scope.tenantId, type.number, id);
}
