import type { SQL } from 'drizzle-orm';
import { v7 } from 'uuid';
import { expect } from 'vitest';
import { USER_TYPE } from '../../src/schema/resource-types.ts';
import type { Asked, Censuses, CensusLimits } from '../../src/storage/censuses.ts';
import type { Database, Storage } from '../../src/storage/database.ts';
import { type EventRow, insertEvents } from '../../src/storage/events.ts';
import { lowestIdAt } from '../../src/storage/ids.ts';
import type { Search } from '../../src/storage/search.ts';
import { listingOf } from '../../src/storage/segments.ts';
import { filterOf, insertUsers, searchOf } from './fixtures.ts';

/** Small directories have one too, and what is told is as it is now. */
export const LIMITS: CensusLimits = { least: 1, bytes: 2 ** 30, seconds: 3600, rest: 0, age: 0 };

/** All users of the tenant, or those that the filter selects. */
export function usersIn(tenantId: string, filter?: string): Search {
  return searchOf(tenantId, USER_TYPE, filter === undefined ? {} : { filter: filterOf(USER_TYPE, filter) })[0];
}

/** The same as censuses are asked for it. */
export async function askedFor({ db }: Storage, tenantId: string, filter?: string): Promise<Asked> {
  return (await listingOf(db, usersIn(tenantId, filter))).asked ?? expect.fail('not asked');
}

/** What censuses are asked in tests of a database. */
export function asking(storage: Storage) {
  return {
    toldOf: async (censuses: Censuses, tenantId: string, filter?: string): Promise<number | undefined> =>
      censuses.total(await askedFor(storage, tenantId, filter)),
    granted: async (censuses: Censuses, tenantId: string, ...filters: (string | undefined)[]): Promise<void> => {
      for (const filter of filters) await censuses.wish(await askedFor(storage, tenantId, filter));
    },
  };
}

/** The database, with statements done otherwise. */
export function withExecute({ db }: Storage, execute: (query: SQL) => unknown): Database {
  return Object.assign(Object.create(db), { execute });
}

/** An event of a user of the tenant, as if it had been made so long ago. */
export function eventOf(tenantId: string, kind: string, resourceId: string, ago = 0): EventRow {
  const at = new Date(Date.now() - ago);
  const id = ago === 0 ? v7() : lowestIdAt(at);
  return {
    tenantId,
    id,
    resourceId,
    at,
    kind,
    typeNumber: USER_TYPE.number,
    version: 1,
    attributes: [],
    actor: 'test',
  };
}

/** Stores it. */
export async function tellOf({ db }: Storage, tenantId: string, resourceId: string, ago: number): Promise<void> {
  await insertEvents(db, [eventOf(tenantId, 'create', resourceId, ago)]);
}

/** A tenant with so many users, which all have a title. */
export async function tenantOf({ db }: Storage, count: number): Promise<string> {
  const tenantId = v7();
  await insertUsers(
    db,
    tenantId,
    Array.from({ length: count }, (_, index) => ({ userName: `${index}`, title: 'x' })),
  );
  return tenantId;
}
