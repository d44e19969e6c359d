import { sql } from 'drizzle-orm';
import { expect } from 'vitest';
import type { JsonObject } from '../../src/schema/json.ts';
import { type Database, rows } from '../../src/storage/database.ts';
import { call, type Expected } from './load.ts';

const PAGE = 100;

/** Expects that everything that was acknowledged is there exactly once, and nothing in part. */
export async function expectAcknowledged(
  url: string,
  token: string,
  groupId: string,
  expected: ReadonlyMap<string, Expected>,
): Promise<void> {
  const users = await everyUser(url, token);
  const { body: group } = await call(url, token, 'GET', `/Groups/${groupId}`);
  const members = new Set(((group.members ?? []) as JsonObject[]).map(({ value }) => String(value)));
  const wrong: string[] = [];
  for (const want of expected.values()) {
    const found = users.get(want.userName) ?? [];
    const [user] = found;
    if (found.length > 1) wrong.push(`${want.userName} is there ${found.length} times`);
    if (want.there === 'yes' && !user) wrong.push(`${want.userName} was acknowledged and is not there`);
    if (want.there === 'no' && user && want.id !== undefined) wrong.push(`${want.userName} was deleted and is there`);
    if (!user) continue;
    const title = user.title as string | undefined;
    if (want.id !== undefined && user.id !== want.id) wrong.push(`${want.userName} has another id`);
    if (want.id !== undefined && !want.titles.includes(title)) {
      wrong.push(`${want.userName} has the title ${title} and not ${want.titles.join(' or ')}`);
    }
    const member = members.has(String(user.id));
    if (want.there === 'yes' && want.member === 'yes' && !member) wrong.push(`${want.userName} is not in the group`);
    if (want.member === 'no' && member) wrong.push(`${want.userName} is in the group`);
  }
  for (const userName of users.keys()) if (!expected.has(userName)) wrong.push(`nobody created ${userName}`);
  expect(wrong).toEqual([]);
}

/** Expects that no table holds a part of a write: rows, index, memberships and events agree. */
export async function expectWhole(db: Database): Promise<void> {
  const count = async (query: ReturnType<typeof sql>) => (await rows<{ n: number }>(db, query))[0]?.n;
  expect({
    valuesOfNothing: await count(
      sql`select count(*)::int as n from attribute_values v where not exists
        (select from resources r where r.tenant_id = v.tenant_id and r.id = v.resource_id)`,
    ),
    resourcesWithoutValues: await count(
      sql`select count(*)::int as n from resources r where not exists
        (select from attribute_values v where v.tenant_id = r.tenant_id and v.resource_id = r.id)`,
    ),
    membersOfNothing: await count(
      sql`select count(*)::int as n from members m where not exists
        (select from resources r where r.tenant_id = m.tenant_id and r.id = m.group_id) or not exists
        (select from resources r where r.tenant_id = m.tenant_id and r.id = m.member_id)`,
    ),
    // Each version of a resource is told of, and no version that there is not.
    versionsUntold: await count(
      sql`select count(*)::int as n from resources r where r.type = 1 and r.version <> (
        select count(distinct e.version) from events e
        where e.tenant_id = r.tenant_id and e.resource_id = r.id and e.kind <> 'delete')`,
    ),
    eventsOfNothing: await count(
      sql`select count(*)::int as n from events e where e.kind = 'create' and not exists
        (select from resources r where r.tenant_id = e.tenant_id and r.id = e.resource_id) and not exists
        (select from events d where d.tenant_id = e.tenant_id and d.resource_id = e.resource_id and d.kind = 'delete')`,
    ),
  }).toEqual({
    valuesOfNothing: 0,
    resourcesWithoutValues: 0,
    membersOfNothing: 0,
    versionsUntold: 0,
    eventsOfNothing: 0,
  });
}

async function everyUser(url: string, token: string): Promise<Map<string, JsonObject[]>> {
  const users = new Map<string, JsonObject[]>();
  for (let startIndex = 1; ; startIndex += PAGE) {
    const { status, body } = await call(url, token, 'GET', `/Users?startIndex=${startIndex}&count=${PAGE}`);
    expect(status).toBe(200);
    const page = (body.Resources ?? []) as JsonObject[];
    for (const user of page) {
      const userName = String(user.userName);
      users.set(userName, [...(users.get(userName) ?? []), user]);
    }
    if (page.length < PAGE) return users;
  }
}
