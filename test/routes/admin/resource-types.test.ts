import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CHANGES_AT_ONCE } from '../../../src/directory/write-all.ts';
import type { JsonObject, JsonValue } from '../../../src/schema/json.ts';
import { rows } from '../../../src/storage/database.ts';
import { type Answer, send, startApp, type TestApp, type TestTenant } from '../../support/app.ts';
import { bulk } from '../../support/bulk.ts';
import { describeEachDatabase } from '../../support/database.ts';
import { ROBOT, ROBOT_TYPE, ROBOT_URN, robot, SERVICE, SERVICE_URN } from '../../support/definitions.ts';
import { group } from '../../support/directory.ts';
import { adminOf, type Send } from './admin.ts';

const DEVICE = 'urn:ietf:params:scim:schemas:core:2.0:Device';
const BLE = 'urn:ietf:params:scim:schemas:extension:ble:2.0:Device';
const PASS_KEY = 'urn:ietf:params:scim:schemas:extension:pairingPassKey:2.0:Device';
const APPS = 'urn:ietf:params:scim:schemas:extension:endpointAppsExt:2.0:Device';
const ENDPOINT_APP = 'urn:ietf:params:scim:schemas:core:2.0:EndpointApp';

describeEachDatabase('/admin/tenants/{slug}/resource-types', (open) => {
  let app: TestApp;
  let admin: Send;
  let tenant: TestTenant;
  let tenantPath: string;
  let path: string;
  beforeAll(async () => {
    app = await startApp({ storage: await open() });
    admin = await adminOf(app);
  });
  afterAll(() => app.close());
  beforeEach(async () => {
    tenant = await app.addTenant({ profile: 'rfc' });
    tenantPath = `/tenants/${tenant.tenant.slug}`;
    path = `${tenantPath}/resource-types`;
  });

  const scim = (method: string, at: string, body?: unknown): Promise<Answer> =>
    send(`${app.url}${at}`, method, tenant.token, body);
  const addSchemas = async () => {
    for (const body of [ROBOT, SERVICE]) expect((await admin('POST', `${tenantPath}/schemas`, body)).status).toBe(201);
  };
  const numbers = () =>
    rows<{ number: number }>(
      app.context.db,
      sql`select number from resource_types where tenant_id = ${tenant.tenant.id}::uuid order by number`,
    );

  it('registers a type that SCIM has from the next request on', async () => {
    expect((await scim('GET', '/Robots')).status).toBe(404);
    await addSchemas();
    const made = await admin('POST', path, ROBOT_TYPE);
    expect(made.status).toBe(201);
    expect(made.body).toEqual({
      resourceType: { ...ROBOT_TYPE, id: 'Robot' },
      registered: true,
    });
    expect((await admin('GET', `${path}/robot`)).body).toEqual(made.body);
    const { body } = await admin('GET', path);
    const listed = body.resourceTypes as JsonObject[];
    expect(listed.map(({ registered }) => registered)).toEqual([false, false, true]);
    expect((await scim('POST', '/Robots', robot('R2'))).status).toBe(201);
    const taken = await admin('POST', path, { ...ROBOT_TYPE, name: 'ROBOT' });
    expect(taken.body).toMatchObject({ status: '409', scimType: 'uniqueness' });
  });

  it('takes back what /ResourceTypes serves', async () => {
    await addSchemas();
    await admin('POST', path, ROBOT_TYPE);
    const { body } = await scim('GET', '/ResourceTypes/Robot');
    await admin('DELETE', `${path}/Robot`);
    expect((await admin('POST', path, body)).status).toBe(201);
  });

  it.each<[string, JsonValue | undefined, string]>([
    ['no body', undefined, 'a resource type as RFC 7643 §6 has it'],
    [
      'a schema that is not registered',
      { ...ROBOT_TYPE, schema: 'urn:example:2.0:None' },
      'There is no schema urn:example:2.0:None; register',
    ],
    ['a taken endpoint', { ...ROBOT_TYPE, endpoint: '/users' }, 'The endpoint /users is taken'],
    ['a taken name', { ...ROBOT_TYPE, name: 'Schema' }, 'The name Schema is taken'],
    [
      'a built-in type that there is not',
      { builtin: 'Toaster' },
      'There is no built-in resource type "Toaster"; they are Device, EndpointApp.',
    ],
    ['a built-in type by a number', { builtin: 1 }, '"builtin" is no member of it'],
  ])('refuses %s', async (_, body, detail) => {
    await addSchemas();
    const answer = await admin('POST', path, body);
    expect(answer.body).toMatchObject({ status: '400', detail: expect.stringContaining(detail) });
    expect(await numbers()).toEqual([]);
  });

  it('never gives a number twice', async () => {
    await addSchemas();
    await admin('POST', path, ROBOT_TYPE);
    await scim('POST', '/Robots', robot('R2'));
    expect((await admin('DELETE', `${path}/Robot?data=delete`)).body).toEqual({ resourcesDeleted: 1 });
    await admin('POST', path, ROBOT_TYPE);
    expect(await numbers()).toEqual([{ number: 100 }, { number: 101 }]);
    expect((await scim('GET', '/Robots')).body.totalResults).toBe(0);
    await rows(
      app.context.db,
      sql`update resource_types set number = 32767 where tenant_id = ${tenant.tenant.id}::uuid and number = 101`,
    );
    const full = await admin('POST', path, { ...ROBOT_TYPE, name: 'Drone', endpoint: '/Drones' });
    expect(full.body).toMatchObject({ status: '409', detail: expect.stringContaining('used up the numbers') });
  });

  it('gives each of several registrations at once a number of its own', async () => {
    await addSchemas();
    const answers = await Promise.all(
      ['A', 'B', 'C', 'D'].map((name) => admin('POST', path, { ...ROBOT_TYPE, name, endpoint: `/${name}` })),
    );
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
    expect(await numbers()).toEqual([100, 101, 102, 103].map((number) => ({ number })));
  });

  describe('a removal', () => {
    it('is refused while there are resources, and then deletes them when told, with events', async () => {
      await addSchemas();
      await admin('POST', path, ROBOT_TYPE);
      const { body: made } = await scim('POST', '/Robots', robot('R2'));
      const { body: crew } = await scim('POST', '/Groups', group('crew', [String(made.id)]));
      const refused = await admin('DELETE', `${path}/Robot`);
      expect(refused.body).toMatchObject({
        status: '409',
        detail:
          'The type Robot has 1 resource; say data=delete (in commands: --data delete) to remove the type and them with it.',
      });
      expect((await admin('DELETE', `${path}/Robot?data=all`)).status).toBe(400);
      expect((await admin('DELETE', `${path}/Robot?data=delete`)).body).toEqual({ resourcesDeleted: 1 });
      for (const at of ['/Robots', `/Robots/${made.id}`, '/ResourceTypes/Robot', `/Schemas/${ROBOT_URN}`]) {
        expect((await scim('GET', at)).status, at).toBe(404);
      }
      expect((await scim('GET', `/Groups/${crew.id}`)).body).toMatchObject({ meta: { version: 'W/"2"' } });
      const events = await rows(
        app.context.db,
        sql`select kind from events where tenant_id = ${tenant.tenant.id}::uuid and resource_id = ${made.id}::uuid order by id`,
      );
      expect(events).toEqual([{ kind: 'create' }, { kind: 'delete' }]);
      const { body } = await admin('GET', `${tenantPath}/schemas`);
      expect((body.schemas as JsonObject[]).map(({ usedBy }) => usedBy)).toEqual([[], []]);
      expect((await admin('DELETE', `${path}/Robot`)).status).toBe(404);
    });

    it('goes through as much data as there is, more than one transaction takes', async () => {
      await addSchemas();
      await admin('POST', path, ROBOT_TYPE);
      const count = CHANGES_AT_ONCE + 1;
      const operations = Array.from({ length: count }, (_, index) => ({
        method: 'POST',
        path: '/Robots',
        bulkId: `${index}`,
        data: robot(`R${index}`, { [SERVICE_URN]: { costCenter: 'x' } }),
      }));
      await scim('POST', '/Bulk', bulk(operations));
      const cleared = await admin('DELETE', `${tenantPath}/schemas/${SERVICE_URN}?data=delete`);
      expect(cleared.body).toEqual({ resourcesChanged: count });
      const listed = await scim('GET', '/Robots?count=1000');
      expect(listed.body.totalResults).toBe(count);
      expect(listed.text).not.toContain(SERVICE_URN);
      expect((await admin('DELETE', `${path}/Robot?data=delete`)).body).toEqual({ resourcesDeleted: count });
    });

    it('is not for types that ship', async () => {
      const answer = await admin('DELETE', `${path}/User?data=delete`);
      expect(answer.body).toMatchObject({ status: '409', detail: expect.stringContaining('ships with the server') });
    });
  });

  describe('the types of RFC 9944', () => {
    it('are switched on and off by name', async () => {
      const on = await admin('POST', path, { builtin: 'device' });
      expect(on.body.resourceType).toMatchObject({ name: 'Device', endpoint: '/Devices', schema: DEVICE });
      const served = await scim('GET', '/Schemas?count=100');
      const ids = (served.body.Resources as JsonObject[]).map(({ id }) => id);
      expect(ids).toEqual(expect.arrayContaining([DEVICE, BLE, PASS_KEY, APPS]));
      expect((await admin('DELETE', `${path}/Device`)).body).toEqual({ resourcesDeleted: 0 });
      expect((await admin('GET', `${tenantPath}/schemas`)).body).toEqual({ schemas: [] });
      expect((await scim('GET', '/Devices')).status).toBe(404);
      expect((await admin('POST', path, { builtin: 'Device' })).status).toBe(201);
    });

    it('hold devices, their extensions and their applications', async () => {
      for (const builtin of ['Device', 'EndpointApp']) await admin('POST', path, { builtin });
      const application = await scim('POST', '/EndpointApp', {
        schemas: [ENDPOINT_APP],
        applicationType: 'telemetry',
        applicationName: 'Collector',
        certificateInfo: { rootCA: 'MIIB', subjectName: 'collector.example' },
      });
      expect(application.status).toBe(201);
      const device = await scim('POST', '/Devices', {
        schemas: [DEVICE, BLE, APPS],
        displayName: 'BLE Heart Monitor',
        active: true,
        [BLE]: {
          versionSupport: ['5.3'],
          deviceMacAddress: '2C:54:91:88:C9:E2',
          irk: 'secret',
          pairingMethods: [PASS_KEY],
          // RFC 9944 nests it here.
          [PASS_KEY]: { key: 123456 },
        },
        [APPS]: { applications: [{ value: application.body.id }] },
      });
      expect(device.body).toMatchObject({
        schemas: expect.arrayContaining([DEVICE, BLE, PASS_KEY, APPS]),
        [PASS_KEY]: { key: 123456 },
        [APPS]: { applications: [{ value: application.body.id }] },
      });
      expect((device.body[BLE] as JsonObject).irk).toBeUndefined();
      const filter = encodeURIComponent(`${BLE}:deviceMacAddress eq "2c:54:91:88:c9:e2" and ${PASS_KEY}:key eq 123456`);
      expect((await scim('GET', `/Devices?filter=${filter}`)).body.totalResults).toBe(1);
      const { body: ward } = await scim(
        'POST',
        '/Groups',
        group('ward', [String(device.body.id), String(application.body.id)]),
      );
      expect((ward.members as JsonObject[]).map(({ type, display }) => [type, display])).toEqual([
        ['EndpointApp', undefined],
        ['Device', 'BLE Heart Monitor'],
      ]);
      expect((await scim('GET', `/Devices/${device.body.id}`)).body.groups).toMatchObject([
        { value: ward.id, type: 'direct' },
      ]);
      const patched = await scim('PATCH', `/Devices/${device.body.id}`, {
        schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
        Operations: [
          { op: 'replace', value: { active: false, [BLE]: { mobility: true, [PASS_KEY]: { key: 654321 } } } },
        ],
      });
      expect(patched.body).toMatchObject({ active: false, [BLE]: { mobility: true }, [PASS_KEY]: { key: 654321 } });
    });

    it('leave a schema that something else uses, and that the tenant registered itself', async () => {
      await admin('POST', path, { builtin: 'Device' });
      await admin('POST', `${tenantPath}/schemas`, SERVICE);
      await admin(
        'PUT',
        `${tenantPath}/schemas/${APPS}?extends=Group`,
        (await admin('GET', `${tenantPath}/schemas/${APPS}`)).body.schema,
      );
      await admin('DELETE', `${path}/Device`);
      const { body } = await admin('GET', `${tenantPath}/schemas`);
      expect((body.schemas as JsonObject[]).map(({ schema }) => (schema as JsonObject).id)).toEqual([
        APPS,
        SERVICE_URN,
      ]);
    });
  });
});
