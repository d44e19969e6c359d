import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { COMMAND_LINE, operatorScope } from '../../../src/directory/operator.ts';
import { replaceResource } from '../../../src/directory/replace.ts';
import { projectionOf } from '../../../src/protocol/projection.ts';
import type { JsonObject, JsonValue } from '../../../src/schema/json.ts';
import { typeNamed } from '../../../src/schema/registry.ts';
import { USER_TYPE } from '../../../src/schema/resource-types.ts';
import { type Answer, send, startApp, type TestApp, type TestTenant } from '../../support/app.ts';
import { describeEachDatabase } from '../../support/database.ts';
import { BADGE, BADGE_URN, ROBOT, ROBOT_TYPE, robot, SERVICE } from '../../support/definitions.ts';
import { user } from '../../support/directory.ts';
import { adminOf, type Send } from './admin.ts';

describeEachDatabase('what is left of a schema', (open) => {
  let app: TestApp;
  let admin: Send;
  let tenant: TestTenant;
  let path: string;
  beforeAll(async () => {
    app = await startApp({ storage: await open() });
    admin = await adminOf(app);
  });
  afterAll(() => app.close());
  beforeEach(async () => {
    tenant = await app.addTenant({ profile: 'rfc' });
    path = `/tenants/${tenant.tenant.slug}/schemas`;
  });

  const scim = (method: string, at: string, body?: unknown): Promise<Answer> =>
    send(`${app.url}${at}`, method, tenant.token, body);
  const badge = (...attributes: JsonValue[]) => ({ ...BADGE, attributes });
  const badged = (userName: string, value: JsonObject) => user(userName, { [BADGE_URN]: value });
  const removed = (query = '?data=delete') => admin('DELETE', `${path}/${BADGE_URN}${query}`);
  const totalOf = async (filter: string) =>
    (await scim('GET', `/Users?filter=${encodeURIComponent(filter)}`)).body.totalResults;
  const UNIQUE = { name: 'number', uniqueness: 'server' };

  it('is no value that was unique once', async () => {
    await admin('POST', `${path}?extends=User`, badge(UNIQUE));
    await scim('POST', '/Users', badged('ada', { number: '7' }));
    await admin('PUT', `${path}/${BADGE_URN}`, badge({ name: 'number' }));
    expect((await removed()).body).toEqual({ resourcesChanged: 1 });
    await admin('POST', `${path}?extends=User`, badge(UNIQUE));
    expect((await scim('POST', '/Users', badged('bob', { number: '7' }))).status).toBe(201);
    expect((await scim('POST', '/Users', badged('eve', { number: '7' }))).status).toBe(409);
  });

  it('is no value that was unique once, nor of a type', async () => {
    const types = `/tenants/${tenant.tenant.slug}/resource-types`;
    const [serial] = [{ name: 'serial', uniqueness: 'server' }];
    const attributes = ROBOT.attributes as JsonValue[];
    const unique = { ...ROBOT, attributes: [...attributes, serial] };
    await admin('POST', path, unique);
    await admin('POST', path, SERVICE);
    await admin('POST', types, ROBOT_TYPE);
    expect((await scim('POST', '/Robots', robot('R2', { serial: '7' }))).status).toBe(201);
    await admin('PUT', `${path}/${String(ROBOT.id)}`, { ...ROBOT, attributes: [...attributes, { name: 'serial' }] });
    expect((await admin('DELETE', `${types}/Robot?data=delete`)).status).toBe(200);
    await admin('DELETE', `${path}/${String(ROBOT.id)}`);
    await admin('POST', path, unique);
    expect((await admin('POST', types, ROBOT_TYPE)).status).toBe(201);
    expect((await scim('POST', '/Robots', robot('R3', { serial: '7' }))).status).toBe(201);
  });

  it('is nothing where somebody replaced a user without knowing of the schema yet', async () => {
    const { context } = app;
    const { body } = await scim('POST', '/Users', user('ada'));
    const before = await operatorScope(context.db, COMMAND_LINE, tenant.tenant);
    const type = typeNamed(before.dialect.registry, 'User') ?? USER_TYPE;
    await admin('POST', `${path}?extends=User`, badge(UNIQUE, { name: 'floor', type: 'integer' }));
    await scim('PUT', `/Users/${body.id}`, badged('ada', { number: '7', floor: 3 }));
    const projection = projectionOf(type, {});
    await replaceResource(context, before, type, String(body.id), user('ada', { title: 'x' }), {}, projection);
    expect((await removed()).status).toBe(200);
    await admin('POST', `${path}?extends=User`, badge(UNIQUE, { name: 'floor', type: 'integer' }));
    expect(await totalOf(`${BADGE_URN}:floor eq 3`)).toBe(0);
    expect((await scim('POST', '/Users', badged('bob', { number: '7' }))).status).toBe(201);
  });

  describe('removing', () => {
    it('is done once, however many ask for it', async () => {
      await admin('POST', `${path}?extends=User`, BADGE);
      const asked = await Promise.all([removed(), removed(), removed()]);
      expect(asked.map(({ status }) => status).toSorted()).toEqual([200, 404, 404]);
      const { body } = await admin('GET', `/tenants/${tenant.tenant.slug}/events?kind=schema-removed`);
      expect(body.events).toHaveLength(1);
    });

    it('leaves the list of other schemas as it is', async () => {
      const other = `${BADGE_URN}:Other`;
      await admin('POST', `${path}?extends=User`, BADGE);
      await admin('POST', `${path}?extends=User`, { ...badge({ name: 'size' }), id: other });
      const given = user('ada', { [BADGE_URN]: { number: '1' }, [other]: { size: 'L' } });
      const { body } = await scim('POST', '/Users', given);
      await removed();
      const after = await scim('GET', `/Users/${body.id}`);
      expect(after.body.schemas).toEqual([USER_TYPE.schema.id, other]);
    });
  });
});

describeEachDatabase('an extension that is required', (open) => {
  let app: TestApp;
  let admin: Send;
  beforeAll(async () => {
    app = await startApp({ storage: await open() });
    admin = await adminOf(app);
  });
  afterAll(() => app.close());

  const pathOf = async () => `/tenants/${(await app.addTenant({ profile: 'rfc' })).tenant.slug}`;

  it.each([
    ['none', []],
    ['what only the server writes', [{ name: 'a', mutability: 'readOnly' }]],
  ])('has an attribute that a client may write: %s', async (_, attributes) => {
    const path = await pathOf();
    const answer = await admin('POST', `${path}/schemas?extends=User&required=true`, { ...BADGE, attributes });
    expect(answer.status).toBe(400);
    expect(answer.body.detail).toContain('no attribute that a client may write');
    expect((await admin('POST', `${path}/schemas?extends=User`, { ...BADGE, attributes })).status).toBe(201);
  });

  it('is required of named types', async () => {
    const path = await pathOf();
    for (const query of ['?required=true', '?required=true&extends=', '?required=true&extends=,']) {
      const answer = await admin('POST', `${path}/schemas${query}`, BADGE);
      expect(answer.body).toMatchObject({ status: '400', detail: expect.stringContaining('extends') });
    }
    expect((await admin('GET', `${path}/schemas`)).body).toEqual({ schemas: [] });
  });

  it('may be spelled in another letter case by the type', async () => {
    const path = await pathOf();
    for (const body of [ROBOT, SERVICE]) await admin('POST', `${path}/schemas`, body);
    const urn = String(SERVICE.id);
    const schemaExtensions = [{ schema: urn.toUpperCase(), required: false }];
    expect((await admin('POST', `${path}/resource-types`, { ...ROBOT_TYPE, schemaExtensions })).status).toBe(201);
    const answer = await admin('PUT', `${path}/schemas/${urn}?extends=Robot&required=true`, SERVICE);
    expect(answer.status).toBe(200);
    expect(answer.body.usedBy).toEqual([{ resourceType: 'Robot', as: 'extension', required: true }]);
  });
});
