import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { COMMAND_LINE } from '../../src/directory/operator.ts';
import { registerType } from '../../src/directory/resource-types.ts';
import { registerSchema } from '../../src/directory/schemas.ts';
import type { JsonObject } from '../../src/schema/json.ts';
import { ERROR, GROUP_MEMBERSHIP_SCHEMA, PATCH_OP, SEARCH_REQUEST } from '../../src/schema/urns.ts';
import { rows } from '../../src/storage/database.ts';
import { type Answer, send, startApp, type TestApp, type TestTenant } from '../support/app.ts';
import { bulk } from '../support/bulk.ts';
import { describeEachDatabase } from '../support/database.ts';
import { ROBOT, ROBOT_TYPE, ROBOT_URN } from '../support/definitions.ts';
import { group, user } from '../support/directory.ts';

const ON = { profile: 'rfc', features: ['group-memberships'] };

describeEachDatabase('/GroupMemberships', (open) => {
  let app: TestApp;
  let tenant: TestTenant;
  beforeAll(async () => {
    app = await startApp({ storage: await open() });
  });
  afterAll(() => app.close());
  beforeEach(async () => {
    tenant = await app.addTenant(ON);
  });

  const request = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    send(`${app.url}${path}`, method, tenant.token, body, headers);
  const idOf = async (answer: Promise<Answer>) => {
    const { status, body, text } = await answer;
    expect(status, text).toBe(201);
    return String(body.id);
  };
  const makeUser = (name: string, more: JsonObject = {}) => idOf(request('POST', '/Users', user(name, more)));
  const makeGroup = (name: string, members: readonly string[] = []) =>
    idOf(request('POST', '/Groups', group(name, members)));
  const membership = (groupId: unknown, memberId: unknown): JsonObject => ({
    schemas: [GROUP_MEMBERSHIP_SCHEMA],
    group: { value: String(groupId) },
    member: { value: String(memberId) },
  });
  const join = (groupId: unknown, memberId: unknown) =>
    request('POST', '/GroupMemberships', membership(groupId, memberId));
  const list = async (query: string) => {
    const { status, body, text } = await request('GET', `/GroupMemberships?${query}`);
    expect(status, text).toBe(200);
    return body as JsonObject & { Resources: JsonObject[]; totalResults: number };
  };
  const pairs = (body: JsonObject) =>
    (body.Resources as { group: JsonObject; member: JsonObject }[]).map(
      (one) => `${one.group.display} ${one.member.display}`,
    );
  const members = async (groupId: string) => {
    const { body } = await request('GET', `/Groups/${groupId}`);
    return ((body.members ?? []) as JsonObject[]).map(({ value }) => value);
  };
  const eventsOf = (resourceId: string) =>
    rows<{ kind: string; version: number; attributes: string[] }>(
      app.context.db,
      sql`select kind, version, attributes from events where resource_id = ${resourceId}::uuid order by version`,
    );
  const filter = (text: string) => `filter=${encodeURIComponent(text)}`;

  it('makes a membership that is a member of the group, and ends it again', async () => {
    const [staff, ada] = [await makeGroup('Staff'), await makeUser('ada', { displayName: 'Ada' })];
    const made = await join(staff, ada);
    const id = `${staff}.${ada}`;
    const location = `${app.url}/GroupMemberships/${id}`;
    expect(made.status).toBe(201);
    expect(made.headers.get('location')).toBe(location);
    expect(made.body).toEqual({
      schemas: [GROUP_MEMBERSHIP_SCHEMA],
      id,
      group: { value: staff, $ref: `${app.url}/Groups/${staff}`, display: 'Staff' },
      member: { value: ada, $ref: `${app.url}/Users/${ada}`, type: 'User', display: 'Ada' },
      meta: { resourceType: 'GroupMembership', location, version: 'W/"1"' },
    });
    const read = await request('GET', `/GroupMemberships/${id}`);
    expect([read.status, read.body, read.headers.get('etag')]).toEqual([200, made.body, 'W/"1"']);
    expect(await members(staff)).toEqual([ada]);
    expect((await request('DELETE', `/GroupMemberships/${id}`)).status).toBe(204);
    expect(await members(staff)).toEqual([]);
    expect((await request('GET', `/GroupMemberships/${id}`)).body.detail).toBe(`There is no GroupMembership "${id}".`);
    expect((await request('DELETE', `/GroupMemberships/${id}`)).status).toBe(404);
  });

  it('moves the version of the group, as a PATCH of it does, and writes the same event', async () => {
    const [staff, ada] = [await makeGroup('Staff'), await makeUser('ada')];
    const { body } = await join(staff, ada);
    expect((await request('GET', `/Groups/${staff}`)).headers.get('etag')).toBe('W/"2"');
    await request('DELETE', `/GroupMemberships/${body.id}`);
    expect((await request('GET', `/Groups/${staff}`)).headers.get('etag')).toBe('W/"3"');
    const found = await eventsOf(staff);
    expect(found.map(({ kind, version, attributes }) => [kind, version, attributes])).toEqual([
      ['create', 1, ['displayName']],
      ['patch', 2, ['members']],
      ['patch', 3, ['members']],
    ]);
  });

  it('shows what came about through the group, direct memberships only', async () => {
    const ada = await makeUser('ada');
    const inner = await makeGroup('Inner', [ada]);
    const outer = await makeGroup('Outer', [inner]);
    expect(pairs(await list(''))).toEqual(['Inner ada', 'Outer Inner']);
    const patched = await request('PATCH', `/Groups/${outer}`, {
      schemas: [PATCH_OP],
      Operations: [
        { op: 'remove', path: `members[value eq "${inner}"]` },
        { op: 'add', path: 'members', value: [{ value: ada }] },
      ],
    });
    expect(patched.status).toBe(200);
    expect(pairs(await list(''))).toEqual(['Inner ada', 'Outer ada']);
    await request('DELETE', `/Users/${ada}`);
    expect((await list('')).totalResults).toBe(0);
  });

  it('is made once when many ask for it at the same time, and none is lost beside others', async () => {
    const staff = await makeGroup('Staff');
    const people = await Promise.all(['ada', 'bob', 'cy', 'dee'].map((name) => makeUser(name)));
    const asked = [...people, ...people].map((id) => join(staff, id).then(({ status }) => status));
    expect((await Promise.all(asked)).sort()).toEqual([201, 201, 201, 201, 409, 409, 409, 409]);
    expect((await members(staff)).sort()).toEqual([...people].sort());
    expect((await request('GET', `/Groups/${staff}`)).headers.get('etag')).toBe('W/"5"');
  });

  it('refuses a second one with 409, and leaves the group as it is', async () => {
    const ada = await makeUser('ada');
    const staff = await makeGroup('Staff', [ada]);
    const { status, body } = await join(staff, ada);
    expect([status, body.scimType]).toEqual([409, 'uniqueness']);
    expect((await request('GET', `/Groups/${staff}`)).headers.get('etag')).toBe('W/"1"');
  });

  it.each([
    ['an unknown group', (_: string, ada: string) => membership(ada, ada)],
    ['a group that is none', (_: string, ada: string) => membership('staff', ada)],
    ['an unknown member', (staff: string) => membership(staff, '0196f1c2-7a00-7000-8000-000000000000')],
    ['a member that is none', (staff: string) => membership(staff, 'ada')],
    ['the group itself as member', (staff: string) => membership(staff, staff)],
  ])('answers 400 invalidValue to %s, in each grade', async (_, bodyOf) => {
    for (const grade of ['lenient', 'strict']) {
      tenant = await app.addTenant({ ...ON, grade });
      const [staff, ada] = [await makeGroup('Staff'), await makeUser('ada')];
      const { status, body } = await request('POST', '/GroupMemberships', bodyOf(staff, ada));
      expect([status, body.schemas, body.scimType]).toEqual([400, [ERROR], 'invalidValue']);
      expect((await list('')).totalResults).toBe(0);
    }
  });

  it.each([
    ['no group', { member: { value: 'x' } }],
    ['no value', { group: { display: 'x' }, member: { value: 'x' } }],
    ['a list of members', { group: { value: 'x' }, member: [{ value: 'x' }, { value: 'y' }] }],
    ['a number', { group: { value: { a: 1 } }, member: { value: 'x' } }],
  ])('answers 400 to a body with %s', async (_, given) => {
    const body = { schemas: [GROUP_MEMBERSHIP_SCHEMA], ...given };
    expect((await request('POST', '/GroupMemberships', body)).status).toBe(400);
    expect((await request('POST', '/GroupMemberships', given)).status).toBe(400);
  });

  it('is not mistaken about a group whose externalId is the id that is named', async () => {
    tenant = await app.addTenant({ ...ON, profile: 'role-object' });
    const ada = await makeUser('ada');
    const staff = await makeGroup('Staff', [ada]);
    const other = '0196f1c2-7a00-7000-8000-000000000000';
    await request('PUT', `/Groups/${staff}`, { ...group('Staff', [ada]), externalId: other });
    expect((await request('GET', `/Groups/${other}`)).body.id).toBe(staff);
    const { status, body } = await join(other, ada);
    expect([status, body.scimType]).toEqual([422, 'invalidValue']);
    expect((await request('DELETE', `/GroupMemberships/${other}.${ada}`)).status).toBe(404);
    expect(await members(staff)).toEqual([ada]);
  });

  it.each(['x', 'x.y', 'a.b.c', '%00', '0196F1C2-7A00-7000-8000-000000000000.x', '.search'])(
    'answers 404 to GET and DELETE of %s',
    async (id) => {
      expect((await request('GET', `/GroupMemberships/${id}`)).status).toBe(404);
      expect((await request('DELETE', `/GroupMemberships/${id}`)).status).toBe(404);
    },
  );

  it('is never changed: PUT and PATCH are 405', async () => {
    const ada = await makeUser('ada');
    const staff = await makeGroup('Staff', [ada]);
    for (const method of ['PUT', 'PATCH']) {
      const { status, headers } = await request(method, `/GroupMemberships/${staff}.${ada}`, membership(staff, ada));
      expect([status, headers.get('allow')]).toEqual([405, 'GET, HEAD, DELETE']);
    }
  });

  it('heeds If-Match and If-None-Match, which are about the membership', async () => {
    const ada = await makeUser('ada');
    const staff = await makeGroup('Staff', [ada]);
    const path = `/GroupMemberships/${staff}.${ada}`;
    expect((await request('GET', path, undefined, { 'if-none-match': 'W/"1"' })).status).toBe(304);
    expect((await request('DELETE', path, undefined, { 'if-match': 'W/"2"' })).status).toBe(412);
    expect((await request('DELETE', path, undefined, { 'if-match': 'W/"1"' })).status).toBe(204);
  });

  describe('lists', () => {
    let ids: Record<string, string>;
    beforeEach(async () => {
      const ada = await makeUser('ada', { displayName: 'Ada' });
      const bob = await makeUser('bob', { displayName: 'Bob' });
      const staff = await makeGroup('Staff', [ada, bob]);
      const everyone = await makeGroup('Everyone', [staff, ada]);
      ids = { ada, bob, staff, everyone };
    });
    const filled = (text: string) => text.replace(/<(\w+)>/g, (_, name) => ids[name] ?? '');

    it.each([
      ['group.value eq "<staff>"', ['Staff Ada', 'Staff Bob']],
      ['group eq "<staff>"', ['Staff Ada', 'Staff Bob']],
      ['member.value eq "<ada>"', ['Staff Ada', 'Everyone Ada']],
      ['group.value eq "<staff>" and member.value eq "<ada>"', ['Staff Ada']],
      ['group[value eq "<staff>" and display eq "staff"] and not (member[display sw "a"])', ['Staff Bob']],
      ['id eq "<staff>.<bob>"', ['Staff Bob']],
      ['not (id eq "<staff>.<bob>")', ['Staff Ada', 'Everyone Ada', 'Everyone Staff']],
      ['id ne "x"', ['Staff Ada', 'Staff Bob', 'Everyone Ada', 'Everyone Staff']],
      ['id sw "<everyone>."', ['Everyone Ada', 'Everyone Staff']],
      ['member.type eq "group"', ['Everyone Staff']],
      ['member.type ne "Group" and group.display co "one"', ['Everyone Ada']],
      ['member.display gt "ada"', ['Staff Bob', 'Everyone Staff']],
      ['member.$ref ew "/Groups/<staff>"', ['Everyone Staff']],
      ['group.$ref co "/Groups/<everyone>"', ['Everyone Ada', 'Everyone Staff']],
      ['meta.location ew "<staff>.<ada>"', ['Staff Ada']],
      ['meta.resourceType eq "GroupMembership" and schemas co "groupmembership" and meta.version eq "W/\\"1\\""', 4],
      ['meta[resourceType eq "GroupMembership"]', 4],
      ['member pr and group pr and meta pr and id pr', 4],
      ['externalId pr or meta.created pr or meta.lastModified lt "2999-01-01T00:00:00Z"', 0],
      ['meta.created eq null', 4],
      ['member.value eq "<ADA>"', 0],
      ['group.value eq "nobody"', 0],
    ])('those that %s', async (text, expected) => {
      const { totalResults, Resources } = await list(filter(filled(text)));
      if (typeof expected === 'number') expect(totalResults).toBe(expected);
      else expect(pairs({ Resources }).sort()).toEqual([...expected].sort());
      expect(totalResults).toBe(Resources.length);
    });

    it.each(['group.name eq "x"', 'userName eq "x"', 'group.value gt 5 and', 'member[group.value eq "x"]', ''])(
      'and answers 400 invalidFilter to %j',
      async (text) => {
        const { status, body } = await request('GET', `/GroupMemberships?${filter(text)}`);
        expect([status, body.scimType]).toEqual([400, 'invalidFilter']);
      },
    );

    it.each([
      ['', ['Staff Ada', 'Staff Bob', 'Everyone Ada', 'Everyone Staff']],
      ['sortBy=id', ['Staff Ada', 'Staff Bob', 'Everyone Ada', 'Everyone Staff']],
      ['sortBy=id&sortOrder=descending', ['Everyone Staff', 'Everyone Ada', 'Staff Bob', 'Staff Ada']],
      ['sortBy=member.display', ['Staff Ada', 'Everyone Ada', 'Staff Bob', 'Everyone Staff']],
      ['sortBy=group.display&sortOrder=descending', ['Staff Ada', 'Staff Bob', 'Everyone Ada', 'Everyone Staff']],
      ['sortBy=group', ['Staff Ada', 'Staff Bob', 'Everyone Ada', 'Everyone Staff']],
      ['sortBy=group.value&sortOrder=descending', ['Everyone Ada', 'Everyone Staff', 'Staff Ada', 'Staff Bob']],
      ['sortBy=member.type', ['Everyone Staff', 'Staff Ada', 'Staff Bob', 'Everyone Ada']],
      ['sortBy=meta.created', ['Staff Ada', 'Staff Bob', 'Everyone Ada', 'Everyone Staff']],
      ['sortBy=meta.location&sortOrder=descending', ['Everyone Staff', 'Everyone Ada', 'Staff Bob', 'Staff Ada']],
    ])('in order with %j, page by page too', async (query, expected) => {
      expect(pairs(await list(query))).toEqual(expected);
      const byIndex: string[] = [];
      for (let startIndex = 1; startIndex <= 5; startIndex += 1) {
        const page = await list(`${query}&count=1&startIndex=${startIndex}`);
        expect(page).toMatchObject({ totalResults: 4, startIndex });
        byIndex.push(...pairs(page));
      }
      expect(byIndex).toEqual(expected);
      const byCursor: string[] = [];
      let page = await list(`${query}&count=3&cursor=`);
      byCursor.push(...pairs(page));
      const [first, last] = [page, await list(`${query}&count=3&cursor=${page.nextCursor}`)];
      page = last;
      byCursor.push(...pairs(page));
      expect(byCursor).toEqual(expected);
      expect([first.totalResults, last.totalResults, last.nextCursor]).toEqual([4, 4, undefined]);
      expect(pairs(await list(`${query}&count=3&cursor=${last.previousCursor}`))).toEqual(pairs(first));
    });

    it('as a message, with the part of each that is asked for', async () => {
      const asked = {
        schemas: [SEARCH_REQUEST],
        filter: filled('group.value eq "<staff>"'),
        attributes: ['member.value'],
      };
      const { status, body } = await request('POST', '/GroupMemberships/.search', asked);
      expect([status, body.totalResults]).toEqual([200, 2]);
      expect(body.Resources).toContainEqual({
        schemas: [GROUP_MEMBERSHIP_SCHEMA],
        id: `${ids.staff}.${ids.ada}`,
        member: { value: ids.ada },
      });
    });

    it('without those of other tenants', async () => {
      const other = await app.addTenant(ON);
      const answer = await send(`${app.url}/GroupMemberships`, 'GET', other.token);
      expect(answer.body.totalResults).toBe(0);
      const path = `/GroupMemberships/${ids.staff}.${ids.ada}`;
      expect((await send(`${app.url}${path}`, 'DELETE', other.token)).status).toBe(404);
      expect(
        (await send(`${app.url}/GroupMemberships`, 'POST', other.token, membership(ids.staff, ids.bob))).status,
      ).toBe(400);
      expect((await request('GET', path)).status).toBe(200);
    });

    it('to who may read; who may only read makes and ends none', async () => {
      const token = await app.issueToken(tenant.tenant, { scopes: ['scim:read'] });
      const as = (method: string, path: string, body?: unknown) => send(`${app.url}${path}`, method, token, body);
      expect((await as('GET', '/GroupMemberships')).status).toBe(200);
      expect((await as('POST', '/GroupMemberships/.search', { schemas: [SEARCH_REQUEST] })).status).toBe(200);
      expect((await as('POST', '/GroupMemberships', membership(ids.everyone, ids.bob))).status).toBe(403);
      expect((await as('DELETE', `/GroupMemberships/${ids.staff}.${ids.ada}`)).status).toBe(403);
    });
  });

  it.each(['ascending', 'descending'])(
    'walks by cursor over members of which one has no name, %s',
    async (sortOrder) => {
      const groups = (ROBOT.attributes as JsonObject[]).filter(({ name }) => name === 'groups');
      const attributes = [{ name: 'label' }, ...groups];
      const plain = { types: [], required: false };
      await registerSchema(app.context, COMMAND_LINE, tenant.tenant, { ...ROBOT, attributes }, plain);
      await registerType(app.context, COMMAND_LINE, tenant.tenant, { ...ROBOT_TYPE, schemaExtensions: [] });
      const nameless = await idOf(request('POST', '/Robots', { schemas: [ROBOT_URN], label: 'R2' }));
      const named = [await makeUser('ada'), await makeUser('bob')];
      await makeGroup('Staff', [nameless, ...named]);
      const query = `sortBy=member.display&sortOrder=${sortOrder}&count=1`;
      const expected = sortOrder === 'ascending' ? [...named, nameless] : [nameless, ...named.toReversed()];
      const memberOf = ({ Resources }: JsonObject) =>
        (Resources as { member: JsonObject }[]).map((one) => one.member.value)[0];
      const there: unknown[] = [];
      const back: unknown[] = [];
      let page = await list(`${query}&cursor=`);
      for (const _ of expected) {
        there.push(memberOf(page));
        if (page.nextCursor) page = await list(`${query}&cursor=${page.nextCursor}`);
      }
      expect(there).toEqual(expected);
      expect(page).not.toHaveProperty('nextCursor');
      for (const _ of expected) {
        back.unshift(memberOf(page));
        if (page.previousCursor) page = await list(`${query}&cursor=${page.previousCursor}`);
      }
      expect(back).toEqual(expected);
      expect(page).not.toHaveProperty('previousCursor');
      const byIndex = await Promise.all(expected.map((_, index) => list(`${query}&startIndex=${index + 1}`)));
      expect(byIndex.map((one) => [memberOf(one), one.totalResults])).toEqual(expected.map((id) => [id, 3]));
    },
  );

  it('walks through a large group by cursor, each once, while members come and go', async () => {
    const people = 2500;
    const users = Array.from({ length: people }, (_, index) => ({
      method: 'POST',
      path: '/Users',
      bulkId: `u${index}`,
      data: user(`user${index}`),
    }));
    const created: string[] = [];
    for (let start = 0; start < people; start += 1000) {
      const { body } = await request('POST', '/Bulk', bulk(users.slice(start, start + 1000)));
      for (const { location } of body.Operations as { location: string }[])
        created.push(location.split('/').at(-1) ?? '');
    }
    const [late = '', gone = '', ...others] = created;
    const staff = await makeGroup('Staff', [gone, ...others]);
    await makeGroup('Others', others.slice(0, 100));
    const seen: string[] = [];
    const query = `${filter(`group.value eq "${staff}"`)}&attributes=member.value&count=400`;
    let page = await list(`${query}&cursor=`);
    expect(page.totalResults).toBe(people - 1);
    for (;;) {
      for (const { member } of page.Resources as { member: JsonObject }[]) seen.push(String(member.value));
      if (seen.length === 400) {
        await join(staff, late);
        await request('DELETE', `/GroupMemberships/${staff}.${gone}`);
      }
      if (page.nextCursor === undefined) break;
      page = await list(`${query}&cursor=${page.nextCursor}`);
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(others.filter((id) => !seen.includes(id))).toEqual([]);
    expect(page.totalResults).toBe(people - 1);
  });

  describe('/Bulk', () => {
    const run = async (...operations: JsonObject[]) => {
      const { status, body, text } = await request('POST', '/Bulk', bulk(operations));
      expect(status, text).toBe(200);
      return body.Operations as (JsonObject & { status: string; location: string })[];
    };

    it('makes and ends memberships, of what the request creates too', async () => {
      const ada = await makeUser('ada');
      const staff = await makeGroup('Staff', [ada]);
      const results = await run(
        { method: 'POST', path: '/GroupMemberships', bulkId: 'm', data: membership('bulkId:g', 'bulkId:u') },
        { method: 'POST', path: '/Users', bulkId: 'u', data: user('bob') },
        { method: 'POST', path: '/Groups', bulkId: 'g', data: group('New') },
        { method: 'POST', path: '/GroupMemberships', bulkId: 'n', data: membership(staff, 'bulkId:u') },
        { method: 'DELETE', path: `/GroupMemberships/${staff}.${ada}`, version: 'W/"1"' },
      );
      expect(results.map(({ status }) => status)).toEqual(['201', '201', '201', '201', '204']);
      expect(results[0]).toMatchObject({ bulkId: 'm', version: 'W/"1"' });
      expect((await request('GET', results[0]?.location.slice(app.url.length) ?? '')).status).toBe(200);
      expect(pairs(await list('')).sort()).toEqual(['New bob', 'Staff bob']);
    });

    it('moves the group on once for each that is made or ended, as single requests do', async () => {
      const staff = await makeGroup('Staff', [await makeUser('ada')]);
      const people = await Promise.all(['bob', 'cy', 'dee'].map((name) => makeUser(name)));
      const joins = people.map((id, index) => ({
        method: 'POST',
        path: '/GroupMemberships',
        bulkId: `m${index}`,
        data: membership(staff, id),
      }));
      const again = joins.map((operation) => ({ ...operation, bulkId: `${operation.bulkId} again` }));
      const later = joins.map((operation) => ({ ...operation, bulkId: `${operation.bulkId} later` }));
      const ends = people.map((id) => ({ method: 'DELETE', path: `/GroupMemberships/${staff}.${id}` }));
      const renamed = { schemas: [PATCH_OP], Operations: [{ op: 'replace', path: 'displayName', value: 'All' }] };
      const patch = { method: 'PATCH', path: `/Groups/${staff}`, data: renamed };
      const results = await run(...joins, ...again, patch, ...ends, ...later);
      expect(results.map(({ status }) => status)).toEqual(
        [201, 201, 201, 409, 409, 409, 200, 204, 204, 204, 201, 201, 201].map(String),
      );
      expect(results[6]).toMatchObject({ version: 'W/"5"' });
      expect((await request('GET', `/Groups/${staff}`)).headers.get('etag')).toBe('W/"11"');
      const versions = (await eventsOf(staff)).map(({ version }) => version);
      expect(versions).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    });

    it('ends what it made, and gives each failure its own answer', async () => {
      const [ada, bob] = [await makeUser('ada'), await makeUser('bob')];
      const staff = await makeGroup('Staff', [bob]);
      const results = await run(
        { method: 'POST', path: '/GroupMemberships', bulkId: 'a', data: membership(staff, ada) },
        { method: 'POST', path: '/GroupMemberships', bulkId: 'b', data: membership(staff, ada) },
        { method: 'POST', path: '/GroupMemberships', bulkId: 'c', data: membership(staff, bob) },
        { method: 'POST', path: '/GroupMemberships', bulkId: 'd', data: membership(staff, 'nobody') },
        { method: 'POST', path: '/GroupMemberships', bulkId: 'e', data: membership('bulkId:e', ada) },
        { method: 'PATCH', path: `/GroupMemberships/${staff}.${ada}`, data: {} },
        { method: 'DELETE', path: '/GroupMemberships/bulkId:a' },
        { method: 'DELETE', path: `/GroupMemberships/${staff}.${bob}`, version: 'W/"7"' },
        { method: 'DELETE', path: `/GroupMemberships/${staff}.${staff}` },
      );
      expect(results.map(({ status }) => status)).toEqual([
        '201',
        '409',
        '409',
        '400',
        '400',
        '405',
        '204',
        '412',
        '404',
      ]);
      expect(pairs(await list(''))).toEqual(['Staff bob']);
    });
  });

  it('is in discovery, and its schema is all immutable or readOnly', async () => {
    expect((await request('GET', '/ResourceTypes/GroupMembership')).body).toMatchObject({
      endpoint: '/GroupMemberships',
      schema: GROUP_MEMBERSHIP_SCHEMA,
    });
    const { body } = await request('GET', `/Schemas/${GROUP_MEMBERSHIP_SCHEMA}`);
    const attributes = body.attributes as { name: string; mutability: string; subAttributes: JsonObject[] }[];
    expect(attributes.map(({ name, mutability }) => [name, mutability])).toEqual([
      ['group', 'immutable'],
      ['member', 'immutable'],
    ]);
    expect(
      attributes.flatMap(({ subAttributes }) => subAttributes.map(({ name, mutability }) => [name, mutability])),
    ).toEqual([
      ['value', 'immutable'],
      ['$ref', 'readOnly'],
      ['display', 'readOnly'],
      ['value', 'immutable'],
      ['$ref', 'readOnly'],
      ['type', 'readOnly'],
      ['display', 'readOnly'],
    ]);
  });

  it('is not part of a search over all types', async () => {
    const ada = await makeUser('ada');
    await makeGroup('Staff', [ada]);
    expect((await request('GET', '/')).body.totalResults).toBe(2);
  });

  it('is not there at all while it is off', async () => {
    tenant = await app.addTenant({ profile: 'rfc' });
    const ada = await makeUser('ada');
    const staff = await makeGroup('Staff', [ada]);
    for (const [method, path] of [
      ['GET', '/GroupMemberships'],
      ['POST', '/GroupMemberships'],
      ['PUT', '/GroupMemberships'],
      ['POST', '/GroupMemberships/.search'],
      ['GET', `/GroupMemberships/${staff}.${ada}`],
      ['DELETE', `/GroupMemberships/${staff}.${ada}`],
      ['GET', '/groupmemberships'],
    ] as const) {
      const { status, body } = await request(method, path, method === 'GET' ? undefined : membership(staff, ada));
      expect([status, body.detail]).toEqual([
        404,
        expect.stringMatching(/^There is no endpoint .*; .*ResourceTypes lists those/),
      ]);
    }
    const { body } = await request(
      'POST',
      '/Bulk',
      bulk([{ method: 'DELETE', path: `/GroupMemberships/${staff}.${ada}` }]),
    );
    expect(body.Operations).toMatchObject([{ status: '404' }]);
    for (const path of ['/ResourceTypes', '/Schemas', '/ServiceProviderConfig']) {
      expect((await request('GET', path)).text).not.toContain('Membership');
    }
    expect(await members(staff)).toEqual([ada]);
  });
});
