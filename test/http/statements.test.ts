import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/schema/json.ts';
import { GROUP_SCHEMA, PATCH_OP, USER_SCHEMA } from '../../src/schema/urns.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { describeEachDatabase } from '../support/database.ts';
import { type Statements, watchStatements } from '../support/statements.ts';
import { withoutTenant } from '../support/tenant-predicate.ts';

/** What a request costs: statements that do something, and those that begin and end transactions. */
interface Cost {
  readonly statements: number;
  readonly transactions: number;
}

const READ: Pick<Cost, 'transactions'> = { transactions: 0 };
const ALONE = READ;
const WRITTEN: Pick<Cost, 'transactions'> = { transactions: 1 };

/**
 * What each request costs today, exactly: whoever makes one cheaper lowers its number here, and whoever makes one dearer
 * has to say why. A transaction is a begin and a commit, two round trips more.
 */
const COSTS = {
  'GET a user': { statements: 1, ...READ },
  'GET a user without groups': { statements: 1, ...READ },
  // Read again, with a recursion that the others need not pay for.
  'GET a user in a group of a group': { statements: 2, ...READ },
  'GET users by userName': { statements: 1, ...READ },
  'GET users by the value of a work e-mail': { statements: 1, ...READ },
  'GET users by userName, none found': { statements: 1, ...READ },
  // The other one counts them, which the last page does without.
  'GET a page of users': { statements: 2, ...READ },
  'GET the last page of users': { statements: 1, ...READ },
  // Those with a value are read, of which there are too few, and counted; then those without are; then the total is told.
  'GET a page of users behind the end, sorted': { statements: 4, ...READ },
  // What is written of a user is one statement, which needs no transaction; of one that there is, another reads it before.
  'POST a user': { statements: 1, ...ALONE },
  'PATCH active=false': { statements: 2, ...ALONE },
  'PUT a user': { statements: 2, ...ALONE },
  // Memberships go after the user; the groups that lose them get a new version each and an event, in one statement for all.
  'DELETE a user': { statements: 3, ...WRITTEN },
  'DELETE a member of groups': { statements: 5, ...WRITTEN },
  // The read that locks, the members, and the group with the event.
  'PATCH a group: add a member': { statements: 3, ...WRITTEN },
  'PATCH a group: remove a member': { statements: 3, ...WRITTEN },
  'PATCH a group: add a member, shown': { statements: 5, ...WRITTEN },
  'GET a group without members': { statements: 1, ...READ },
  'GET a group': { statements: 2, ...READ },
} satisfies Record<string, Cost>;

const SMALL = 5;
const LARGE = 500;
/** What begins or ends a transaction, as PostgreSQL hears it. */
const TRANSACTION = /^(begin|commit)\b/i;
/** A statement that reads members of a group, and not those that it is given. */
const READS_MEMBERS = /from members(?! m? ?where [^;]*member_id = )/;

describeEachDatabase('statements of a request', (open) => {
  let app: TestApp;
  let statements: Statements;
  let users: string[];
  let spare: string[];

  beforeAll(async () => {
    const storage = await open();
    // A clock that stands still: the credential is looked up once and stays in the cache.
    const now = new Date();
    app = await startApp({ storage, profile: 'rfc', context: { clock: () => now } });
    users = await createUsers('member', LARGE);
    spare = await createUsers('spare', 20);
    statements = watchStatements(storage);
  });
  afterAll(() => app.close());

  async function createUsers(prefix: string, count: number): Promise<string[]> {
    const operations = Array.from({ length: count }, (_, index) => ({
      method: 'POST',
      path: '/Users',
      bulkId: `${index}`,
      data: person(`${prefix}${index}`),
    }));
    const { body } = await app.request('POST', '/Bulk', {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
      Operations: operations,
    });
    return (body.Operations as JsonObject[]).map(({ location }) => String(location).split('/').at(-1) ?? '');
  }

  async function createGroup(size: number): Promise<string> {
    const members = users.slice(0, size).map((value) => ({ value }));
    const { body } = await app.request('POST', '/Groups', {
      schemas: [GROUP_SCHEMA],
      displayName: `group ${randomUUID()}`,
      members,
    });
    return String(body.id);
  }

  function nextSpare(): string {
    const id = spare.shift();
    if (id === undefined) throw new Error('more spare users are needed');
    return id;
  }

  /** The statements of one request, each of which names the tenant wherever it names a table of tenants. */
  async function sent(method: string, path: string, status: number, body?: unknown): Promise<string[]> {
    statements.taken();
    const answer = await app.request(method, path, body);
    const taken = statements.taken();
    expect(answer.status, answer.text).toBe(status);
    expect(taken.flatMap((text) => withoutTenant(text).map((place) => `${place} in ${text}`))).toEqual([]);
    return taken;
  }

  function expectCost(name: keyof typeof COSTS, taken: readonly string[]): void {
    const framing = taken.filter((text) => TRANSACTION.test(text));
    const { statements: most, transactions } = COSTS[name];
    expect(taken.length - framing.length, taken.join('\n')).toBe(most);
    expect(framing.map((text) => text.slice(0, 6).trim().toLowerCase())).toEqual(
      Array.from({ length: transactions }, () => ['begin', 'commit']).flat(),
    );
  }

  const filtered = (filter: string) => `/Users?${new URLSearchParams({ filter })}`;

  test('GET a user', async () => {
    expectCost('GET a user', await sent('GET', `/Users/${users[0]}`, 200));
    expectCost('GET a user without groups', await sent('GET', `/Users/${users[0]}?excludedAttributes=groups`, 200));
    const id = nextSpare();
    const inner = { schemas: [GROUP_SCHEMA], displayName: 'inner', members: [{ value: id }] };
    const { body } = await app.request('POST', '/Groups', inner);
    expectCost('GET a user', await sent('GET', `/Users/${id}`, 200));
    const outer = { schemas: [GROUP_SCHEMA], displayName: 'outer', members: [{ value: body.id }] };
    expect((await app.request('POST', '/Groups', outer)).status).toBe(201);
    expectCost('GET a user in a group of a group', await sent('GET', `/Users/${id}`, 200));
  });

  test('GET users by an equal value', async () => {
    expectCost('GET users by userName', await sent('GET', filtered('userName eq "member7"'), 200));
    expectCost('GET users by userName', await sent('GET', `${filtered('userName eq "member7"')}&count=1`, 200));
    expectCost('GET users by userName, none found', await sent('GET', filtered('userName eq "nobody"'), 200));
    expectCost(
      'GET users by the value of a work e-mail',
      await sent('GET', filtered('emails[type eq "work" and value eq "member7@example.com"]'), 200),
    );
  });

  test('GET a page of users', async () => {
    expectCost('GET a page of users', await sent('GET', '/Users?startIndex=11&count=10', 200));
    expectCost('GET a page of users', await sent('GET', '/Users?startIndex=11&count=100', 200));
    const { body } = await app.request('GET', '/Users?count=0');
    const last = `/Users?startIndex=${Number(body.totalResults) - 9}&count=10`;
    expectCost('GET the last page of users', await sent('GET', last, 200));
    const behind = `/Users?sortBy=emails&startIndex=${Number(body.totalResults) + 1}&count=10`;
    expectCost('GET a page of users behind the end, sorted', await sent('GET', behind, 200));
  });

  test('POST a user', async () => {
    expectCost('POST a user', await sent('POST', '/Users', 201, person('new')));
  });

  test('PATCH, PUT and DELETE a user', async () => {
    const path = `/Users/${nextSpare()}`;
    const off = patch({ op: 'replace', path: 'active', value: false });
    expectCost('PATCH active=false', await sent('PATCH', path, 200, off));
    expectCost('PUT a user', await sent('PUT', path, 200, person('renamed')));
    expectCost('DELETE a user', await sent('DELETE', path, 204));
  });

  test('DELETE a member of groups', async () => {
    const id = nextSpare();
    for (const displayName of ['one', 'another']) {
      const group = { schemas: [GROUP_SCHEMA], displayName, members: [{ value: id }] };
      expect((await app.request('POST', '/Groups', group)).status).toBe(201);
    }
    expectCost('DELETE a member of groups', await sent('DELETE', `/Users/${id}`, 204));
  });

  test('PATCH a group reads no other member, however many there are', async () => {
    const seen: string[][] = [];
    for (const size of [SMALL, LARGE]) {
      const id = nextSpare();
      const group = `/Groups/${await createGroup(size)}?excludedAttributes=members`;
      const added = await sent('PATCH', group, 200, patch({ op: 'add', path: 'members', value: [{ value: id }] }));
      expectCost('PATCH a group: add a member', added);
      const removed = await sent('PATCH', group, 200, patch({ op: 'remove', path: `members[value eq "${id}"]` }));
      expectCost('PATCH a group: remove a member', removed);
      seen.push([...added, ...removed]);
    }
    expect(seen[0]).toEqual(seen[1]);
    for (const text of seen.flat()) expect(text.replaceAll(/\s+/g, ' ')).not.toMatch(READS_MEMBERS);
  });

  test('PATCH a group that is shown reads its members once, after the change', async () => {
    for (const size of [SMALL, LARGE]) {
      const path = `/Groups/${await createGroup(size)}`;
      const add = patch({ op: 'add', path: 'members', value: [{ value: nextSpare() }] });
      const taken = await sent('PATCH', path, 200, add);
      expectCost('PATCH a group: add a member, shown', taken);
      const committed = taken.findIndex((text) => text.startsWith('commit'));
      expect(taken.findIndex((text) => READS_MEMBERS.test(text.replaceAll(/\s+/g, ' ')))).toBeGreaterThan(committed);
    }
  });

  test('GET a group', async () => {
    const path = `/Groups/${await createGroup(LARGE)}`;
    const without = await sent('GET', `${path}?excludedAttributes=members`, 200);
    expectCost('GET a group without members', without);
    expect(without.join()).not.toContain('members');
    expectCost('GET a group', await sent('GET', path, 200));
  });
});

describe('the look at the tenant in a statement', () => {
  test.each([
    'select doc from resources where tenant_id = $1::uuid and id = $2',
    'select "doc" from "resources" where ("resources"."tenant_id" = $1 and "resources"."id" = $2)',
    'select 1 from members m join resources r on r.tenant_id = $1::uuid and r.id = m.member_id where m.tenant_id = $2',
    'insert into resources (tenant_id, id) select $1::uuid, n.id from (values ($2::uuid)) as n (id)',
    'update resources r set version = 2 from (values (1)) as c (id) where r.tenant_id = $1::uuid and r.id = c.id',
    'select id from tenants where slug = $1',
  ])('passes %s', (text) => {
    expect(withoutTenant(text)).toEqual([]);
  });

  test.each([
    'select doc from resources where id = $1',
    'select doc from resources r where r.id = $1 and tenant_id_of(r) = $2',
    'select 1 from members m join resources r on r.id = m.member_id where m.tenant_id = $1',
    'select 1 from members m join resources r on r.tenant_id = m.tenant_id where m.tenant_id = $1',
    'select 1 from resources r where r.tenant_id = $1 and exists (select 1 from resources r where r.id = $2)',
    'insert into events (id) values ($1)',
    'delete from attribute_values where resource_id = $1',
    'update resources set version = 2 where id = $1',
    'select doc from resources where id = $1 or tenant_id = $2',
  ])('finds %s', (text) => {
    expect(withoutTenant(text)).not.toEqual([]);
  });
});

function person(userName: string): JsonObject {
  const emails = [{ value: `${userName}@example.com`, type: 'work' }];
  return { schemas: [USER_SCHEMA], userName, displayName: userName, emails };
}

function patch(...Operations: JsonObject[]): JsonObject {
  return { schemas: [PATCH_OP], Operations };
}
