import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { MEMBERS_IN_LINE } from '../../src/directory/export.ts';
import { MAX_LINES_IN_PART } from '../../src/directory/import-lines.ts';
import { COMMAND_LINE } from '../../src/directory/operator.ts';
import { registerSchema } from '../../src/directory/schemas.ts';
import type { JsonObject } from '../../src/schema/json.ts';
import {
  ACCOUNT_SCHEMA,
  ENTERPRISE_USER_SCHEMA,
  GROUP_SCHEMA,
  TEAM_SCHEMA,
  USER_SCHEMA,
} from '../../src/schema/urns.ts';
import { rows, type Storage } from '../../src/storage/database.ts';
import { send, startApp, type TestApp, type TestTenant } from '../support/app.ts';
import { describeEachDatabase } from '../support/database.ts';

const user = (userName: string, rest: object = {}) => ({ schemas: [USER_SCHEMA], userName, ...rest });
const group = (displayName: string, rest: object = {}) => ({ schemas: [GROUP_SCHEMA], displayName, ...rest });
const members = (...ids: string[]) => ({ members: ids.map((value) => ({ value })) });

interface Problem {
  readonly line: number;
  readonly status: number;
  readonly detail: string;
}

describeEachDatabase('import and export', (open) => {
  let storage: Storage;
  let app: TestApp;
  let admin: string;
  beforeAll(async () => {
    storage = await open();
    app = await startApp({ storage, profile: 'rfc' });
    admin = await app.issueToken(app.tenant, { scopes: ['admin'] });
  });
  afterAll(() => app.close());

  const newTenant = () => app.addTenant({ profile: 'rfc' });

  async function importInto({ tenant }: TestTenant, lines: readonly (object | string)[], query = '') {
    const body = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
    const response = await fetch(`${app.origin}/admin/tenants/${tenant.slug}/import${query}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${admin}`, 'content-type': 'application/jsonl' },
      body,
    });
    const answers = (await response.text()).trimEnd().split('\n');
    const messages = answers.map((line) => JSON.parse(line) as Record<string, JsonObject>);
    const problems = messages.flatMap(({ problem }) => (problem ? [problem as unknown as Problem] : []));
    return { status: response.status, problems, summary: messages.at(-1)?.import, last: messages.at(-1) };
  }

  async function exportOf({ tenant }: TestTenant, query = ''): Promise<JsonObject[]> {
    const response = await fetch(`${app.origin}/admin/tenants/${tenant.slug}/export${query}`, {
      headers: { authorization: `Bearer ${admin}` },
    });
    expect(response.headers.get('content-type')).toBe('application/jsonl');
    const text = await response.text();
    return text === ''
      ? []
      : text
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line) as JsonObject);
  }

  async function list({ token }: TestTenant, path: string): Promise<JsonObject[]> {
    const { body } = await send(`${app.url}${path}`, 'GET', token);
    return body.Resources as JsonObject[];
  }

  it('takes every good line and tells of each bad one by its number', async () => {
    const tenant = await newTenant();
    const { problems, summary } = await importInto(tenant, [
      user('ada'),
      '{"schemas": [',
      '',
      user('bob', { active: 'perhaps' }),
      user('ADA'),
      '[]',
      { schemas: ['urn:unknown'], userName: 'x' },
      user('cy', { meta: { resourceType: 'Robot' } }),
      user('dan'),
    ]);
    expect(problems.map(({ line, status }) => [line, status]).sort()).toEqual([
      [2, 400],
      [4, 400],
      [5, 409],
      [6, 400],
      [7, 400],
      [8, 400],
    ]);
    expect(problems.find(({ line }) => line === 5)?.detail).toContain('userName "ADA"');
    expect(problems.find(({ line }) => line === 8)?.detail).toContain('"Robot"');
    expect(summary).toMatchObject({ lines: 8, created: 2, problems: 6, resumed: false });
    expect((await list(tenant, '/Users')).map(({ userName }) => userName).sort()).toEqual(['ada', 'dan']);
  });

  it('gives new ids, and refers by them wherever the file referred by its own', async () => {
    const tenant = await newTenant();
    const { summary, problems } = await importInto(tenant, [
      group('Outer', { id: 'g1', ...members('u1', 'g2') }),
      user('ada', {
        schemas: [USER_SCHEMA, ENTERPRISE_USER_SCHEMA],
        id: 'u1',
        [ENTERPRISE_USER_SCHEMA]: { manager: { value: 'u2', $ref: 'https://old.example/Users/u2' } },
      }),
      user('bob', { id: 'u2' }),
      user('cat', { manager: { value: 'u2' } }),
      { schemas: [USER_SCHEMA], userName: 'dan', [USER_SCHEMA]: { manager: { value: 'u2' } } },
      group('Inner', { id: 'g2', ...members('u2') }),
      group('Inner', { id: 'g2', ...members('u1') }),
    ]);
    expect([summary?.created, problems]).toEqual([6, []]);
    const [ada, bob, ...others] = (await list(tenant, '/Users?sortBy=userName')) as [JsonObject, ...JsonObject[]];
    const [inner, outer] = (await list(tenant, '/Groups?sortBy=displayName')) as [JsonObject, JsonObject];
    expect(ada.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(ada[ENTERPRISE_USER_SCHEMA]).toMatchObject({
      manager: { value: bob?.id, $ref: `https://old.example/Users/${bob?.id}` },
    });
    // Named without their URN, and within the object of the core schema.
    for (const one of others) expect(one[ENTERPRISE_USER_SCHEMA]).toEqual({ manager: { value: bob?.id } });
    expect(others).toHaveLength(2);
    const ids = (found: JsonObject) => (found.members as JsonObject[]).map(({ value }) => value).sort();
    expect(ids(outer)).toEqual([ada.id, inner.id].sort());
    expect(ids(inner)).toEqual([ada.id, bob?.id].sort());
  });

  it('refers to users of lines far behind and far before, whatever was imported until then', async () => {
    const tenant = await newTenant();
    const managed = (userName: string, id: string, value: string) =>
      user(userName, {
        schemas: [USER_SCHEMA, ENTERPRISE_USER_SCHEMA],
        id,
        [ENTERPRISE_USER_SCHEMA]: { manager: { value } },
      });
    const between = Array.from({ length: 3 * MAX_LINES_IN_PART }, (_, index) => user(`between ${index}`));
    const { problems, summary } = await importInto(tenant, [
      managed('first', 'f', 'l'),
      managed('second', 's', 'nobody'),
      ...between,
      managed('first', 'f', 'l'),
      managed('last', 'l', 'f'),
    ]);
    // Parts are carried out at the same time.
    expect(problems.map(({ line }) => line).toSorted((a, b) => a - b)).toEqual([2, between.length + 3]);
    expect(summary).toMatchObject({ lines: between.length + 4, created: between.length + 3 });
    const found = async (userName: string) => (await list(tenant, `/Users?filter=userName eq "${userName}"`))[0];
    const [first, last] = [await found('first'), await found('last')];
    expect(first?.[ENTERPRISE_USER_SCHEMA]).toMatchObject({ manager: { value: last?.id } });
    expect(last?.[ENTERPRISE_USER_SCHEMA]).toMatchObject({ manager: { value: first?.id } });
  });

  it('refuses one of two lines with one name, in the same part, in another, or far behind', async () => {
    const tenant = await newTenant();
    const many = (count: number, prefix: string) =>
      Array.from({ length: count }, (_, index) => user(`${prefix}${index}`));
    const lines = [
      ...many(300, 'a'),
      user('A0'),
      ...many(300, 'b'),
      user('B1'),
      user('b2'),
      ...many(900, 'c'),
      user('a1'),
    ];
    const { problems, summary } = await importInto(tenant, lines);
    expect(summary).toMatchObject({ lines: 1504, created: 1500, problems: 4 });
    expect(problems.map(({ status }) => status)).toEqual([409, 409, 409, 409]);
    expect(problems.map(({ detail }) => /"(.*?)"/.exec(detail)?.[1]?.toLowerCase()).sort()).toEqual([
      'a0',
      'a1',
      'b1',
      'b2',
    ]);
    const { body } = await send(`${app.url}/Users?count=0`, 'GET', tenant.token);
    expect(body.totalResults).toBe(1500);
  });

  it('says which references lead nowhere, and takes ids that the tenant has', async () => {
    const tenant = await newTenant();
    await importInto(tenant, [user('ada')]);
    const [ada] = await list(tenant, '/Users');
    const { problems, summary } = await importInto(tenant, [
      user('bob', {
        schemas: [USER_SCHEMA, ENTERPRISE_USER_SCHEMA],
        [ENTERPRISE_USER_SCHEMA]: { manager: { value: 'gone' } },
      }),
      user('cy', {
        schemas: [USER_SCHEMA, ENTERPRISE_USER_SCHEMA],
        [ENTERPRISE_USER_SCHEMA]: { manager: { value: ada?.id } },
      }),
      group('Team', members(String(ada?.id), 'missing')),
    ]);
    expect(problems.map(({ line }) => line)).toEqual([1, 3]);
    expect(problems[0]?.detail).toContain('"gone"');
    expect(problems[1]?.detail).toContain('"missing"');
    expect(summary).toMatchObject({ created: 3, problems: 2 });
    const [team] = await list(tenant, '/Groups');
    expect(((team?.members ?? []) as JsonObject[]).map(({ value }) => value)).toEqual([ada?.id]);
  });

  it('refers to the new administrators of teams, and says who is none', async () => {
    const [from, to] = [await app.addTenant({ profile: 'modzy' }), await app.addTenant({ profile: 'modzy' })];
    const team = (displayName: string, administrator: string, rest: object = {}) =>
      group(displayName, { schemas: [GROUP_SCHEMA, TEAM_SCHEMA], ...rest, [TEAM_SCHEMA]: { administrator } });
    const person = (userName: string, rest: object) =>
      user(userName, { emails: [{ value: `${userName}@example.com`, primary: true }], ...rest });
    const first = await importInto(from, [
      team('Red', 'nobody', { id: 'r', ...members('u1', 'b') }),
      team('Blue', 'u1', { id: 'b' }),
      person('ada', { id: 'u1' }),
    ]);
    expect(first.problems).toEqual([expect.objectContaining({ line: 1, detail: expect.stringContaining('"nobody"') })]);
    expect((await exportOf(from, '?type=Group')).map((one) => [one.displayName, one.members])).toEqual([
      ['Red', [expect.anything(), expect.anything()]],
      ['Blue', undefined],
    ]);
    const exported = await exportOf(from);
    await importInto(to, exported);
    const groups = await exportOf(to, '?type=Group');
    const [ada] = await exportOf(to, '?type=User');
    const administrators = groups.map((one) => (one[TEAM_SCHEMA] as JsonObject).administrator);
    expect(administrators).toEqual(['nobody', ada?.id]);
    expect(ada?.id).not.toBe(exported[0]?.id);
  });

  it('keeps invited who was, where accounts can be', async () => {
    const account = (userName: string, active: boolean, status: string) =>
      user(userName, {
        schemas: [USER_SCHEMA, ACCOUNT_SCHEMA],
        emails: [{ value: `${userName}@example.com`, primary: true }],
        active,
        [ACCOUNT_SCHEMA]: { status },
      });
    const lines = [
      account('ada', false, 'invited'),
      account('bob', true, 'invited'),
      account('cy', false, 'suspended'),
      account('dan', false, 'active'),
    ];
    const [from, to] = [
      await app.addTenant({ profile: 'messagebird' }),
      await app.addTenant({ profile: 'messagebird' }),
    ];
    expect((await importInto(from, lines)).problems).toEqual([]);
    expect((await importInto(to, await exportOf(from))).problems).toEqual([]);
    expect((await exportOf(to)).map((one) => one[ACCOUNT_SCHEMA])).toEqual([
      { status: 'invited', statusReason: 'invitationPending' },
      { status: 'active', statusReason: 'created' },
      { status: 'suspended', statusReason: 'createdInactive' },
      { status: 'suspended', statusReason: 'createdInactive' },
    ]);
  });

  it('refers to the new resources by URI as well, and leaves the URIs of other things alone', async () => {
    const tenant = await newTenant();
    const urn = 'urn:example:params:scim:schemas:extension:desk:2.0:User';
    const reference = (name: string, ...referenceTypes: string[]) => ({ name, type: 'reference', referenceTypes });
    const desk = {
      id: urn,
      name: 'Desk',
      description: 'Who sits beside whom',
      attributes: [
        reference('neighbor', 'User'),
        { ...reference('guests', 'User', 'Group'), multiValued: true },
        reference('map', 'external'),
        reference('owner', 'User', 'external'),
        {
          name: 'keys',
          type: 'complex',
          multiValued: true,
          subAttributes: [reference('$ref', 'User'), { name: 'room' }],
        },
      ],
    };
    await registerSchema(app.context, COMMAND_LINE, tenant.tenant, desk, { types: ['User'], required: false });
    const at = (userName: string, id: string, more: object) =>
      user(userName, { id, schemas: [USER_SCHEMA, urn], [urn]: more });
    const { problems, summary } = await importInto(tenant, [
      at('ada', 'u1', {
        neighbor: 'https://old.example/scim/v2/Users/u2',
        guests: ['/Users/u2', '../Groups/g1'],
        map: 'https://maps.example/u2',
        owner: 'https://owner.example/desks',
        keys: [{ $ref: 'https://old.example/Users/u2', room: 'u2' }],
      }),
      at('bob', 'u2', { neighbor: 'https://old.example/Users/gone', owner: 'https://old.example/Users/u1' }),
      group('Team', { id: 'g1' }),
    ]);
    expect(problems.map(({ line, detail }) => [line, detail])).toEqual([[2, expect.stringContaining('"gone"')]]);
    expect(summary).toMatchObject({ created: 3 });
    const [ada, bob] = (await list(tenant, '/Users?sortBy=userName')) as [JsonObject, JsonObject];
    const [team] = await list(tenant, '/Groups');
    expect(ada[urn]).toEqual({
      neighbor: `https://old.example/scim/v2/Users/${bob.id}`,
      guests: [`/Users/${bob.id}`, `../Groups/${team?.id}`],
      map: 'https://maps.example/u2',
      owner: 'https://owner.example/desks',
      keys: [{ $ref: `https://old.example/Users/${bob.id}`, room: 'u2' }],
    });
    expect(bob[urn]).toEqual({
      neighbor: 'https://old.example/Users/gone',
      owner: `https://old.example/Users/${ada.id}`,
    });
  });

  it.each([
    ['refuse', { created: 1, skipped: 0, replaced: 0, problems: 2 }, 'old', []],
    ['skip', { created: 1, skipped: 2, replaced: 0, problems: 0 }, 'old', []],
    ['replace', { created: 1, skipped: 0, replaced: 2, problems: 0 }, 'new', ['ada', 'cy']],
  ])('of what is there already does as it is told: %s', async (choice, counts, title, names) => {
    const tenant = await newTenant();
    await importInto(tenant, [user('ada', { title: 'old' }), group('Team')]);
    const { summary } = await importInto(
      tenant,
      [
        user('Ada', { id: 'a', title: 'new' }),
        user('cy', { id: 'c' }),
        group('team', { id: 'g', ...members('a', 'c') }),
      ],
      `?onConflict=${choice}`,
    );
    expect(summary).toMatchObject(counts);
    const [ada] = await list(tenant, '/Users?filter=userName eq "ada"');
    expect(ada?.title).toBe(title);
    const [team] = await list(tenant, '/Groups');
    expect(((team?.members ?? []) as JsonObject[]).map(({ display }) => String(display).toLowerCase()).sort()).toEqual(
      names,
    );
  });

  it('adds to a new group those whom the tenant had before', async () => {
    const tenant = await newTenant();
    await importInto(tenant, [user('ada')]);
    await importInto(
      tenant,
      [user('ada', { id: 'a' }), group('Team', { id: 'g', ...members('a') })],
      '?onConflict=skip',
    );
    const [ada] = await list(tenant, '/Users');
    const [team] = await list(tenant, '/Groups');
    expect(((team?.members ?? []) as JsonObject[]).map(({ value }) => value)).toEqual([ada?.id]);
  });

  it('brings what was exported into another tenant as it was', async () => {
    const [from, to] = [await newTenant(), await newTenant()];
    await importInto(from, [
      ...Array.from({ length: 30 }, (_, index) =>
        user(`user-${index}`, {
          schemas: [USER_SCHEMA, ENTERPRISE_USER_SCHEMA],
          id: `u${index}`,
          externalId: `x${index}`,
          name: { familyName: 'Müller', givenName: '"A"' },
          emails: [{ value: `u${index}@example.com`, type: 'work', primary: true }],
          [ENTERPRISE_USER_SCHEMA]: { department: 'R&D', manager: { value: `u${(index + 1) % 30}` } },
        }),
      ),
      group('All', { id: 'all', ...members('some', ...Array.from({ length: 30 }, (_, index) => `u${index}`)) }),
      group('Some', { id: 'some', ...members('all', 'u3') }),
    ]);
    const before = await exportOf(from);
    expect(before).toHaveLength(32);
    const { summary } = await importInto(to, before);
    expect(summary).toMatchObject({ created: 32, problems: 0 });
    expect(portable(await exportOf(to))).toEqual(portable(before));
    expect((await exportOf(to, '?type=Group')).map(({ displayName }) => displayName).sort()).toEqual(['All', 'Some']);
    expect(JSON.stringify(before)).not.toContain('password');
  });

  it('writes the members of a large group in several lines, and reads them together', async () => {
    const [from, to] = [await newTenant(), await newTenant()];
    await importInto(from, [user('ada'), group('Large'), group('Small')]);
    const { rows: groups } = { rows: await exportOf(from, '?type=Group') };
    const large = groups.find(({ displayName }) => displayName === 'Large');
    // Members without resources of their own are enough to be counted and written.
    await storage.db.execute(sql`insert into members (tenant_id, group_id, member_id, type)
      select ${from.tenant.id}::uuid, ${String(large?.id)}::uuid, r.id, 1 from resources r where r.tenant_id = ${from.tenant.id}::uuid and r.unique_key = 'ada'`);
    await storage.db.execute(sql`insert into resources (tenant_id, id, type, unique_key, version, created_at, updated_at, doc, display)
      select tenant_id, gen_random_uuid(), type, 'copy-' || n, 1, created_at, updated_at, doc, display
      from resources, generate_series(1, ${MEMBERS_IN_LINE}::int) n where tenant_id = ${from.tenant.id}::uuid and unique_key = 'ada'`);
    await storage.db.execute(sql`insert into members (tenant_id, group_id, member_id, type)
      select ${from.tenant.id}::uuid, ${String(large?.id)}::uuid, r.id, 1 from resources r
      where r.tenant_id = ${from.tenant.id}::uuid and r.unique_key like 'copy-%'`);
    const lines = (await exportOf(from, '?type=Group')).sort((a, b) =>
      String(a.displayName) < String(b.displayName) ? -1 : 1,
    );
    expect(
      lines.map(({ displayName, members: of }) => [displayName, (of as JsonObject[] | undefined)?.length ?? 0]),
    ).toEqual([
      ['Large', MEMBERS_IN_LINE],
      ['Large', 1],
      ['Small', 0],
    ]);
    const all = lines.flatMap(({ members: of }) => ((of ?? []) as JsonObject[]).map(({ value }) => value));
    expect(new Set(all).size).toBe(MEMBERS_IN_LINE + 1);
    const ids = [all[0], all.at(-1)].map(String);
    const { summary } = await importInto(to, [
      ...ids.map((id, index) => user(`member-${index}`, { id })),
      ...ids.map((id) => group('Large', { id: 'large', ...members(id) })),
    ]);
    expect(summary).toMatchObject({ lines: 4, created: 3, problems: 0 });
    const [found] = await list(to, '/Groups');
    expect(found?.members).toHaveLength(2);
  });

  it('keeps no trace of an import that ended, and events of what it made', async () => {
    const tenant = await newTenant();
    await importInto(tenant, [user('ada', { id: 'a' }), user('ada', { id: 'b' })], '?onConflict=skip');
    const left = await rows(
      storage.db,
      sql`select 1 from imports where tenant_id = ${tenant.tenant.id}::uuid union all
        select 1 from import_batches where tenant_id = ${tenant.tenant.id}::uuid union all
        select 1 from import_ids where tenant_id = ${tenant.tenant.id}::uuid`,
    );
    expect(left).toEqual([]);
    const events = await rows<{ kind: string; actor: string }>(
      storage.db,
      sql`select kind, actor from events where tenant_id = ${tenant.tenant.id}::uuid and kind = 'create'`,
    );
    expect(events).toEqual([{ kind: 'create', actor: expect.stringMatching(/^credential:/) }]);
  });

  it('refuses two lines with one id, since a reference to it could mean either', async () => {
    const tenant = await newTenant();
    const { problems } = await importInto(tenant, [user('ada', { id: 'a' }), user('bob', { id: 'a' })]);
    expect(problems).toEqual([expect.objectContaining({ line: 2, status: 409 })]);
  });

  it('takes a password and shows it nowhere', async () => {
    const tenant = await newTenant();
    await importInto(tenant, [user('ada', { password: 'correct horse battery staple' })]);
    const [stored] = await rows<{ hash: string }>(
      storage.db,
      sql`select password_hash as hash from resources where tenant_id = ${tenant.tenant.id}::uuid`,
    );
    expect(stored?.hash).toMatch(/^\$argon2id\$/);
    expect(JSON.stringify(await exportOf(tenant))).not.toMatch(/correct horse|argon2/);
  });

  it('refuses what are no JSON lines, and a type that there is not', async () => {
    const { slug } = app.tenant;
    const url = `${app.origin}/admin/tenants/${slug}`;
    for (const [mediaType, body] of [
      ['application/json', user('ada')],
      ['text/plain', 'ada'],
    ] as const) {
      const refused = await send(`${url}/import`, 'POST', admin, body, { 'content-type': mediaType });
      expect([refused.status, refused.body.detail]).toEqual([
        415,
        `The body has the Content-Type "${mediaType}"; send application/jsonl or application/x-ndjson or application/json-lines.`,
      ]);
    }
    const none = await send(`${url}/import`, 'POST', admin);
    expect([none.status, none.body.detail]).toEqual([400, expect.stringContaining('application/jsonl')]);
    for (const [query, detail] of [
      ['onConflict=maybe', 'The parameter onConflict is "maybe"; send refuse or skip or replace.'],
      ['onConflict=skip&onConflict=skip', 'The parameter onConflict was sent more than once; send it once.'],
    ]) {
      const answer = await send(`${url}/import?${query}`, 'POST', admin, '{}', { 'content-type': 'application/jsonl' });
      expect([answer.status, answer.body.detail]).toEqual([400, detail]);
    }
    expect((await send(`${url}/export?type=Robot`, 'GET', admin)).body.detail).toContain('User, Group');
    expect((await send(`${app.origin}/admin/tenants/none/export`, 'GET', admin)).status).toBe(404);
    expect((await send(`${url}/export`, 'GET', app.token)).status).toBe(403);
  });
});

/** Resources without what is another in each tenant; references stand for what they lead to. */
function portable(resources: readonly JsonObject[]): unknown[] {
  const names = new Map(
    resources.map(({ id, userName, displayName }) => [String(id), String(userName ?? displayName)]),
  );
  const text = (value: unknown) =>
    JSON.stringify(value).replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, (id) => names.get(id) ?? id);
  return resources
    .map(({ meta: _, id: __, members: of, ...rest }) => {
      const memberTexts = ((of ?? []) as JsonObject[]).map(text).sort();
      return { ...(JSON.parse(text(rest)) as object), members: memberTexts };
    })
    .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}
