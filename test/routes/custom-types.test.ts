import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { COMMAND_LINE } from '../../src/directory/operator.ts';
import { registerType } from '../../src/directory/resource-types.ts';
import { registerSchema } from '../../src/directory/schemas.ts';
import type { JsonObject, JsonValue } from '../../src/schema/json.ts';
import { PATCH_OP, SEARCH_REQUEST } from '../../src/schema/urns.ts';
import { MAX_INDEXED_LENGTH } from '../../src/storage/cut.ts';
import { rows } from '../../src/storage/database.ts';
import type { Tenant } from '../../src/storage/tenants.ts';
import { type Answer, send, startApp, type TestApp, type TestTenant } from '../support/app.ts';
import { bulk } from '../support/bulk.ts';
import { describeEachDatabase } from '../support/database.ts';
import { BADGE, BADGE_URN, ROBOT, ROBOT_TYPE, ROBOT_URN, robot, SERVICE, SERVICE_URN } from '../support/definitions.ts';
import { group, user } from '../support/directory.ts';

const PATHS = { badge: encodeURIComponent(BADGE_URN) };

describeEachDatabase('what a tenant registered', (open) => {
  let app: TestApp;
  let tenant: TestTenant;
  beforeAll(async () => {
    app = await startApp({ storage: await open() });
  });
  afterAll(() => app.close());

  const register = async (of: Tenant) => {
    const plain = { types: [], required: false };
    await registerSchema(app.context, COMMAND_LINE, of, BADGE, { types: ['User'], required: false });
    await registerSchema(app.context, COMMAND_LINE, of, ROBOT, plain);
    await registerSchema(app.context, COMMAND_LINE, of, SERVICE, plain);
    await registerType(app.context, COMMAND_LINE, of, ROBOT_TYPE);
  };
  beforeEach(async () => {
    tenant = await app.addTenant({ profile: 'rfc', grade: 'strict' });
    await register(tenant.tenant);
  });

  const request = (method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer> =>
    send(`${app.url}${path}`, method, tenant.token, body, headers);
  const create = async (path: string, body: JsonObject): Promise<JsonObject> => {
    const answer = await request('POST', path, body);
    expect(answer.body).toMatchObject({ id: expect.any(String) });
    return answer.body;
  };
  const patch = (path: string, ...operations: JsonValue[]) =>
    request('PATCH', path, { schemas: [PATCH_OP], Operations: operations });
  const found = async (path: string, filter: string): Promise<string[]> => {
    const { body } = await request('GET', `${path}?filter=${encodeURIComponent(filter)}`);
    expect(body.Resources, JSON.stringify(body)).toBeDefined();
    return (body.Resources as JsonObject[]).map((one) => String(one.userName ?? one.displayName));
  };

  describe('an extension of User', () => {
    const badge: JsonObject = {
      number: 'A-17',
      color: 'Red',
      floors: [1, 3],
      weight: 12.5,
      issued: '2026-03-01T10:00:00+01:00',
      lost: false,
      picture: 'AAEC',
      door: 'https://doors.example/1',
      serial: 'S1',
      escort: { value: 'x' },
      zones: [
        { value: 'lab', type: 'work', hours: ['day', 'night'] },
        { value: 'roof', primary: true },
      ],
    };
    const badged = (name: string, more: JsonObject = {}) =>
      user(name, { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User', BADGE_URN], [BADGE_URN]: more });

    it('is created, read, replaced and deleted with its user', async () => {
      const made = await create('/Users', badged('ada', { ...badge, pin: '1234' }));
      expect(made.schemas).toEqual(['urn:ietf:params:scim:schemas:core:2.0:User', BADGE_URN]);
      expect(made[BADGE_URN]).toEqual(badge);
      const path = `/Users/${made.id}`;
      expect((await request('GET', path)).body).toEqual(made);
      const chosen = await request('GET', `${path}?attributes=${PATHS.badge}:color,${PATHS.badge}:zones.value`);
      expect(chosen.body[BADGE_URN]).toEqual({ color: 'Red', zones: [{ value: 'lab' }, { value: 'roof' }] });
      const changed = await request('PUT', path, badged('ada', { number: 'B-1', serial: 'S1' }));
      expect(changed.body[BADGE_URN]).toEqual({ number: 'B-1', serial: 'S1' });
      const other = await request('PUT', path, badged('ada', { serial: 'S2' }));
      expect(other.body).toMatchObject({ status: '400', scimType: 'mutability' });
      expect((await request('DELETE', path)).status).toBe(204);
    });

    it.each([
      [{ floors: ['first'] }, 'floors'],
      [{ issued: 'yesterday' }, 'issued'],
      [{ lost: 'no' }, 'lost'],
      [{ picture: '?' }, 'picture'],
      [{ escort: { name: 'x' } }, 'escort.name'],
      [{ size: 1 }, 'size'],
    ])('is refused with the value %j', async (more, name) => {
      const answer = await request('POST', '/Users', badged('eve', more as JsonObject));
      expect(answer.status).toBe(400);
      expect(answer.body.detail).toContain(`${BADGE_URN}:${name}`);
    });

    it('is found by each of its attributes', async () => {
      await create('/Users', badged('ada', { ...badge, pin: '1234' }));
      await create(
        '/Users',
        badged('bob', { number: 'a-17', floors: [2], weight: 3, lost: true, issued: '2026-01-01T00:00:00Z' }),
      );
      await create('/Users', user('eve'));
      for (const [filter, names] of [
        ['number eq "A-17"', ['ada']],
        ['color eq "RED"', ['ada']],
        ['floors eq 3', ['ada']],
        ['floors ge 2', ['ada', 'bob']],
        ['weight gt 3.5', ['ada']],
        ['issued lt "2026-02-01T00:00:00Z"', ['bob']],
        ['issued eq "2026-03-01T09:00:00Z"', ['ada']],
        ['lost eq true', ['bob']],
        ['picture eq "AAEC"', ['ada']],
        ['door sw "https://doors"', ['ada']],
        ['escort.value eq "x"', ['ada']],
        ['zones.hours co "igh"', ['ada']],
        ['zones[value eq "roof" and primary eq true]', ['ada']],
        ['number pr', ['ada', 'bob']],
      ] as const) {
        expect(await found('/Users', `${BADGE_URN}:${filter}`), filter).toEqual(names);
      }
      expect(await found('/Users', `not (${BADGE_URN}:number pr)`)).toEqual(['eve']);
      const secret = await request('GET', `/Users?filter=${encodeURIComponent(`${BADGE_URN}:pin eq "1234"`)}`);
      // RFC 7644 §7.5.2: what is secret does not belong into a URI.
      expect(secret.body).toMatchObject({ status: '403', scimType: 'sensitive' });
    });

    describe('with values in a list within an attribute that begin alike', () => {
      const long = 'x'.repeat(MAX_INDEXED_LENGTH);
      const [one, another] = [`${long}a`, `${long}b`];
      const zoned = (...hours: string[]): JsonObject => ({ zones: [{ value: 'lab', hours }] });
      const refusal = {
        status: '400',
        scimType: 'invalidValue',
        detail: expect.stringContaining(`${BADGE_URN}:zones.hours`),
      };

      it('is found by each that differs soon enough, or is in another element', async () => {
        const sooner = [`${long.slice(1)}a`, `${long.slice(1)}b`];
        await create('/Users', badged('ada', zoned(...sooner)));
        await create('/Users', badged('bob', { zones: [{ hours: [one] }, { hours: [another] }] }));
        await create('/Users', badged('eve', zoned(one, one, one.toUpperCase())));
        const foundBy = (hours: string) => found('/Users', `${BADGE_URN}:zones.hours eq "${hours}"`);
        expect(await Promise.all(sooner.map(foundBy))).toEqual([['ada'], ['ada']]);
        expect([await foundBy(one), await foundBy(another)]).toEqual([['bob', 'eve'], ['bob']]);
      });

      it('is refused, since it could not be found by both, and nothing is done', async () => {
        const post = await request('POST', '/Users', badged('ada', zoned(one, another)));
        expect(post).toMatchObject({ status: 400, body: refusal });
        // Of two that are alike only the longer one is cut.
        expect(await request('POST', '/Users', badged('ada', zoned(long, one)))).toMatchObject({ status: 400 });
        const { id } = await create('/Users', badged('ada', zoned(one)));
        const path = `/Users/${id}`;
        const put = badged('renamed', zoned(another, one));
        expect(await request('PUT', path, put)).toMatchObject({ status: 400, body: refusal });
        const add = { op: 'add', path: `${BADGE_URN}:zones[value eq "lab"].hours`, value: [another] };
        const rename = { op: 'replace', path: 'userName', value: 'renamed' };
        expect(await patch(path, rename, add)).toMatchObject({ status: 400, body: refusal });
        const several = await request(
          'POST',
          '/Bulk',
          bulk([
            { method: 'POST', path: '/Users', bulkId: 'a', data: badged('bob', zoned(one, another)) },
            { method: 'PUT', path, data: put },
            { method: 'POST', path: '/Users', bulkId: 'b', data: badged('eve', zoned(another)) },
          ]),
        );
        expect(several.body.Operations).toMatchObject([
          { status: '400', response: refusal },
          { status: '400', response: refusal },
          { status: '201' },
        ]);
        expect(await request('GET', path)).toMatchObject({ body: { userName: 'ada', [BADGE_URN]: zoned(one) } });
        expect(await found('/Users', 'userName pr')).toEqual(['ada', 'eve']);
      });

      it('is a problem of its line in an import', async () => {
        const lines = [badged('ada', zoned(one, another)), badged('bob', zoned(one))];
        const token = await app.issueToken(app.tenant, { scopes: ['admin'] });
        const answer = await fetch(`${app.origin}/admin/tenants/${tenant.tenant.slug}/import`, {
          method: 'POST',
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/jsonl' },
          body: lines.map((line) => JSON.stringify(line)).join('\n'),
        });
        const told = (await answer.text()).trimEnd().split('\n');
        expect(told.map((line) => JSON.parse(line))).toMatchObject([
          { problem: { line: 1, status: 400, detail: refusal.detail } },
          { import: { created: 1 } },
        ]);
        expect(await found('/Users', 'userName pr')).toEqual(['bob']);
      });

      it('is still there to be read, changed elsewhere and deleted, where it was stored before that was refused', async () => {
        const { id } = await create('/Users', badged('ada', zoned(one, 'free')));
        const path = `/Users/${id}`;
        await rows(
          app.context.db,
          sql`update resources set doc = replace(doc, '"free"', ${JSON.stringify(another)}::text)
            where tenant_id = ${tenant.tenant.id}::uuid and id = ${String(id)}::uuid`,
        );
        const stored = (await request('GET', path)).body;
        expect(stored).toMatchObject({ [BADGE_URN]: zoned(one, another) });
        const inAttribute = { op: 'replace', path: `${BADGE_URN}:zones[value eq "lab"].type`, value: 'work' };
        const elsewhere = { op: 'replace', path: 'displayName', value: 'Ada' };
        expect(await patch(path, inAttribute, elsewhere)).toMatchObject({ status: 200 });
        expect(await request('PUT', path, { ...stored, title: 'Countess' })).toMatchObject({ status: 200 });
        const less = { op: 'replace', path: `${BADGE_URN}:zones[value eq "lab"].hours`, value: [another] };
        expect(await patch(path, less)).toMatchObject({ status: 200, body: { [BADGE_URN]: zoned(another) } });
        expect(await found('/Users', `${BADGE_URN}:zones.hours eq "${another}"`)).toEqual(['ada']);
        expect(await found('/Users', `${BADGE_URN}:zones.hours eq "${one}"`)).toEqual([]);
        expect(await request('DELETE', path)).toMatchObject({ status: 204 });
      });
    });

    it('is sorted and paged by', async () => {
      for (const [name, weight] of [
        ['a', 10],
        ['b', 9.5],
        ['c', -1],
      ] as const) {
        await create('/Users', badged(name, { weight }));
      }
      await create('/Users', user('d'));
      const names = async (query: string) =>
        ((await request('GET', `/Users?sortBy=${PATHS.badge}:weight${query}`)).body.Resources as JsonObject[]).map(
          ({ userName }) => userName,
        );
      expect(await names('')).toEqual(['c', 'b', 'a', 'd']);
      expect(await names('&sortOrder=descending&startIndex=2&count=2')).toEqual(['a', 'b']);
      const first = await request('GET', `/Users?sortBy=${PATHS.badge}:weight&cursor&count=2`);
      expect((first.body.Resources as JsonObject[]).map(({ userName }) => userName)).toEqual(['c', 'b']);
      expect(await names(`&count=2&cursor=${first.body.nextCursor}`)).toEqual(['a', 'd']);
    });

    it('is patched by paths, by keys and as a whole, and filters follow', async () => {
      const { id } = await create('/Users', badged('ada', badge));
      const path = `/Users/${id}`;
      const after = await patch(
        path,
        { op: 'replace', path: `${BADGE_URN}:color`, value: 'green' },
        { op: 'add', path: `${BADGE_URN}:floors`, value: [7] },
        { op: 'remove', path: `${BADGE_URN}:zones[value eq "lab"]` },
        { op: 'replace', path: `${BADGE_URN}:escort.value`, value: 'y' },
        { op: 'add', value: { [BADGE_URN]: { weight: 1 } } },
      );
      expect(after.body[BADGE_URN]).toMatchObject({
        color: 'green',
        floors: [1, 3, 7],
        zones: [{ value: 'roof', primary: true }],
        escort: { value: 'y' },
        weight: 1,
      });
      expect(await found('/Users', `${BADGE_URN}:floors eq 7`)).toEqual(['ada']);
      const immutable = await patch(path, { op: 'replace', path: `${BADGE_URN}:serial`, value: 'S2' });
      expect(immutable.body).toMatchObject({ status: '400', scimType: 'mutability' });
      const removed = await patch(path, { op: 'remove', path: `${BADGE_URN}:number` });
      expect((removed.body[BADGE_URN] as JsonObject).number).toBeUndefined();
      expect(await found('/Users', `${BADGE_URN}:number pr`)).toEqual([]);
    });
  });

  describe('a resource type', () => {
    it('has the whole protocol at its endpoint', async () => {
      const made = await request('POST', '/Robots', robot('R2', { model: 'D2', arms: 4, active: true }));
      expect(made.status).toBe(201);
      expect(made.body).toEqual({
        schemas: [ROBOT_URN],
        id: expect.any(String),
        displayName: 'R2',
        model: 'D2',
        arms: 4,
        active: true,
        meta: {
          resourceType: 'Robot',
          created: expect.any(String),
          lastModified: expect.any(String),
          location: `${app.url}/Robots/${made.body.id}`,
          version: 'W/"1"',
        },
      });
      const path = `/Robots/${made.body.id}`;
      const read = await request('GET', path);
      expect([read.body, read.headers.get('etag')]).toEqual([made.body, 'W/"1"']);
      expect((await request('GET', path, undefined, { 'if-none-match': 'W/"1"' })).status).toBe(304);
      const patched = await patch(path, { op: 'replace', value: { arms: 5, [SERVICE_URN]: { costCenter: 'x' } } });
      expect(patched.body).toMatchObject({
        arms: 5,
        schemas: [ROBOT_URN, SERVICE_URN],
        [SERVICE_URN]: { costCenter: 'x' },
      });
      const stale = await request('PUT', path, robot('R3'), { 'if-match': 'W/"1"' });
      expect(stale.status).toBe(412);
      const replaced = await request('PUT', path, robot('R3'), { 'if-match': 'W/"2"' });
      expect(replaced.body).toMatchObject({ displayName: 'R3', meta: { version: 'W/"3"' } });
      expect((await request('DELETE', path)).status).toBe(204);
      expect((await request('GET', path)).body.detail).toBe(`There is no Robot "${made.body.id}".`);
      const refused = await request('POST', '/Robots', { schemas: [ROBOT_URN], model: 'x' });
      expect(refused.body).toMatchObject({ status: '400', detail: expect.stringContaining('displayName') });
      expect((await request('GET', `/Users/${made.body.id}`)).status).toBe(404);
    });

    it('is searched by parameters, by message and over all types', async () => {
      await create('/Robots', robot('R2', { arms: 2, active: true }));
      await create('/Robots', robot('C3', { arms: 10 }));
      await create('/Users', user('ada', { displayName: 'Ada' }));
      expect(await found('/Robots', 'arms gt 2')).toEqual(['C3']);
      const message = { schemas: [SEARCH_REQUEST], filter: 'active pr', attributes: ['displayName'] };
      const searched = await request('POST', '/Robots/.search', message);
      expect(searched.body).toMatchObject({ totalResults: 1, Resources: [{ displayName: 'R2' }] });
      const all = await request('GET', '/?sortBy=displayName');
      expect((all.body.Resources as JsonObject[]).map(({ displayName }) => displayName)).toEqual(['Ada', 'C3', 'R2']);
      const robots = await request('POST', '/.search', {
        schemas: [SEARCH_REQUEST],
        filter: 'meta.resourceType eq "Robot"',
      });
      expect(robots.body.totalResults).toBe(2);
      const mixed = await request('POST', '/.search', {
        schemas: [SEARCH_REQUEST],
        filter: 'arms eq 10 or userName eq "ada"',
      });
      expect(mixed.body.totalResults).toBe(2);
    });

    it('takes part in bulk, with references in any direction', async () => {
      const answer = await request(
        'POST',
        '/Bulk',
        bulk([
          {
            method: 'POST',
            path: '/Robots',
            bulkId: 'r',
            data: robot('R2', { keeper: 'bulkId:u', partner: { value: 'bulkId:s' } }),
          },
          {
            method: 'POST',
            path: '/Robots',
            bulkId: 's',
            data: robot('S1', { partner: { value: 'bulkId:r', $ref: 'bulkId:r' } }),
          },
          { method: 'POST', path: '/Users', bulkId: 'u', data: user('ada') },
          { method: 'POST', path: '/Groups', bulkId: 'g', data: group('crew', ['bulkId:r', 'bulkId:u']) },
          {
            method: 'PATCH',
            path: '/Robots/bulkId:s',
            data: { schemas: [PATCH_OP], Operations: [{ op: 'add', path: 'arms', value: 3 }] },
          },
        ]),
      );
      const results = answer.body.Operations as JsonObject[];
      expect(results.map(({ status }) => status)).toEqual(['201', '201', '201', '201', '200']);
      const [r, s, u] = results.map(({ location }) => String(location));
      const read = async (url = '') => (await send(url, 'GET', tenant.token)).body;
      const [first, second] = [await read(r), await read(s)];
      expect(first).toMatchObject({ keeper: u, partner: { value: second.id } });
      expect(second).toMatchObject({ arms: 3, partner: { value: first.id, $ref: r } });
      const gone = await request('POST', '/Bulk', bulk([{ method: 'DELETE', path: `/Robots/${first.id}` }]));
      expect(gone.body.Operations).toMatchObject([{ status: '204' }]);
    });

    it('can be a member of groups, whose members say so', async () => {
      const { id } = await create('/Robots', robot('R2'));
      const { id: ada } = await create('/Users', user('ada'));
      const crew = await create('/Groups', group('Crew', [String(id), String(ada)]));
      const fleet = await create('/Groups', group('Fleet', [String(crew.id)]));
      expect(crew.members).toContainEqual({ value: id, $ref: `${app.url}/Robots/${id}`, display: 'R2', type: 'Robot' });
      expect(await found('/Groups', 'members[type eq "Robot" and display eq "r2"]')).toEqual(['Crew']);
      expect(await found('/Groups', `members.$ref eq "${app.url}/Robots/${id}"`)).toEqual(['Crew']);
      const { body } = await request('GET', `/Robots/${id}`);
      expect(body.groups).toEqual([
        { value: crew.id, $ref: `${app.url}/Groups/${crew.id}`, display: 'Crew', type: 'direct' },
        { value: fleet.id, $ref: `${app.url}/Groups/${fleet.id}`, display: 'Fleet', type: 'indirect' },
      ]);
      expect(await found('/Robots', 'groups.display eq "Fleet"')).toEqual(['R2']);
      const renamed = await patch(`/Groups/${crew.id}`, { op: 'remove', path: 'members[type eq "Robot"]' });
      expect(renamed.body.members).toMatchObject([{ value: ada }]);
      const nobody = await patch(`/Groups/${crew.id}`, {
        op: 'add',
        path: 'members',
        value: [{ value: '00000000-0000-7000-8000-000000000000' }],
      });
      expect(nobody.body.detail).toContain('No User or Group or Robot has the id');
    });
  });

  describe('discovery', () => {
    it('shows the types with their extensions, and the schemas', async () => {
      const types = (await request('GET', '/ResourceTypes')).body.Resources as JsonObject[];
      expect(types.map(({ name, endpoint }) => [name, endpoint])).toEqual([
        ['User', '/Users'],
        ['Group', '/Groups'],
        ['Robot', '/Robots'],
      ]);
      expect(types[0]?.schemaExtensions).toContainEqual({ schema: BADGE_URN, required: false });
      expect((await request('GET', '/ResourceTypes/Robot')).body).toMatchObject({
        schema: ROBOT_URN,
        schemaExtensions: [{ schema: SERVICE_URN, required: false }],
      });
      const schema = await request('GET', `/Schemas/${ROBOT_URN.toUpperCase()}`);
      expect(schema.body).toMatchObject({ id: ROBOT_URN, name: 'Robot' });
      expect((schema.body.attributes as JsonObject[])[0]).toEqual({
        name: 'displayName',
        type: 'string',
        multiValued: false,
        description: '',
        required: true,
        caseExact: false,
        mutability: 'readWrite',
        returned: 'default',
        uniqueness: 'none',
      });
      const groups = (await request('GET', '/Schemas/urn:ietf:params:scim:schemas:core:2.0:Group')).text;
      expect(groups).toContain('"referenceTypes":["User","Group","Robot"]');
      expect(groups).toContain('"canonicalValues":["User","Group","Robot"]');
    });
  });

  describe('another tenant', () => {
    it('sees nothing of it, and may mean something else by the same names', async () => {
      await create('/Robots', robot('R2', { arms: 2 }));
      const { tenant: second, token } = await app.addTenant({ profile: 'rfc', grade: 'strict' });
      const theirs = (method: string, path: string, body?: unknown) => send(`${app.url}${path}`, method, token, body);
      for (const path of ['/Robots', '/Robots/x', '/ResourceTypes/Robot', `/Schemas/${ROBOT_URN}`]) {
        expect((await theirs('GET', path)).status, path).toBe(404);
      }
      expect((await theirs('GET', '/Robots')).body.detail).toContain('There is no endpoint /scim/v2/Robots;');
      const filtered = await theirs('GET', `/Users?filter=${encodeURIComponent(`${BADGE_URN}:number pr`)}`);
      expect(filtered.body).toMatchObject({ status: '400', scimType: 'invalidFilter' });
      const other = { id: ROBOT_URN, attributes: [{ name: 'arms', multiValued: true }] };
      await registerSchema(app.context, COMMAND_LINE, second, other, { types: [], required: false });
      await registerType(app.context, COMMAND_LINE, second, {
        name: 'Robot',
        endpoint: '/Machines',
        schema: ROBOT_URN,
      });
      const late = await app.issueToken(second);
      const machines = (method: string, path: string, body?: unknown) => send(`${app.url}${path}`, method, late, body);
      const made = await machines('POST', '/Machines', { schemas: [ROBOT_URN], arms: ['left', 'right'] });
      expect(made.body.arms).toEqual(['left', 'right']);
      const query = (filter: string) => `/Machines?filter=${encodeURIComponent(filter)}`;
      expect((await machines('GET', query('arms eq "LEFT"'))).body.totalResults).toBe(1);
      expect((await machines('GET', query('arms pr'))).body.totalResults).toBe(1);
      expect(await found('/Robots', 'arms eq 2')).toEqual(['R2']);
    });
  });

  describe('paths', () => {
    it.each([
      ['PATCH', '/Robots', 405, 'GET, HEAD, POST'],
      ['POST', '/Robots/1', 405, 'GET, HEAD, PUT, PATCH, DELETE'],
      ['GET', '/robots', 404, undefined],
      ['GET', '/Robots/1/2', 404, undefined],
      ['GET', '/Robots/', 200, undefined],
      ['GET', '//Robots', 200, undefined],
    ])('answers %s of %s with %i', async (method, path, status, allow) => {
      const answer = await request(method, path);
      expect(answer.status).toBe(status);
      expect(answer.headers.get('allow') ?? undefined).toBe(allow);
      if (path === '/robots') expect(answer.body.detail).toContain('send /scim/v2/Robots');
    });
  });
});
