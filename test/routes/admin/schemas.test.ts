import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../../../src/schema/json.ts';
import { PATCH_OP } from '../../../src/schema/urns.ts';
import { rows } from '../../../src/storage/database.ts';
import { type Answer, send, startApp, type TestApp, type TestTenant } from '../../support/app.ts';
import { describeEachDatabase } from '../../support/database.ts';
import {
  BADGE,
  BADGE_URN,
  ROBOT,
  ROBOT_TYPE,
  ROBOT_URN,
  robot,
  SERVICE,
  SERVICE_URN,
} from '../../support/definitions.ts';
import { user } from '../../support/directory.ts';
import { adminOf, type Send } from './admin.ts';

/** Two names whose values would be stored under one number. */
const COLLIDING = ['badge464641', 'badge1195980'];

describeEachDatabase('/admin/tenants/{slug}/schemas', (open) => {
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
  const badged = async (userName: string, badge: JsonObject): Promise<string> => {
    const { body } = await scim('POST', '/Users', user(userName, { [BADGE_URN]: badge }));
    expect(body[BADGE_URN]).toEqual(badge);
    return `/Users/${body.id}`;
  };
  const badge = (...attributes: JsonValue[]) => ({ ...BADGE, attributes });
  const replace = (...attributes: JsonValue[]) => admin('PUT', `${path}/${BADGE_URN}`, badge(...attributes));
  const totalOf = async (filter: string) =>
    (await scim('GET', `/Users?filter=${encodeURIComponent(filter)}`)).body.totalResults;

  it('registers a schema that SCIM has from the next request on', async () => {
    const before = await scim('GET', `/Schemas/${BADGE_URN}`);
    expect(before.status).toBe(404);
    const made = await admin('POST', `${path}?extends=User,Group`, BADGE);
    expect(made.status).toBe(201);
    expect(made.body.usedBy).toEqual([
      { resourceType: 'User', as: 'extension', required: false },
      { resourceType: 'Group', as: 'extension', required: false },
    ]);
    expect((await admin('GET', `${path}/${BADGE_URN.toUpperCase()}`)).body).toEqual(made.body);
    expect((await admin('GET', path)).body).toEqual({ schemas: [made.body] });
    const { meta: _, ...served } = (await scim('GET', `/Schemas/${BADGE_URN}`)).body;
    expect(served).toEqual(made.body.schema);
    await badged('ada', { number: '1' });
  });

  it('takes back what /Schemas serves', async () => {
    await admin('POST', `${path}?extends=User`, BADGE);
    const { body } = await scim('GET', `/Schemas/${BADGE_URN}`);
    expect((await admin('PUT', `${path}/${BADGE_URN}`, body)).body.schema).toEqual(
      (await admin('GET', `${path}/${BADGE_URN}`)).body.schema,
    );
    const other = await app.addTenant();
    expect((await admin('POST', `/tenants/${other.tenant.slug}/schemas`, body)).status).toBe(201);
  });

  it.each<[string, string, JsonValue | undefined, number, string]>([
    ['no body', '', undefined, 400, 'a schema as RFC 7643 §7 has it'],
    ['an unknown type', '', badge({ name: 'x', type: 'text' }), 400, 'Attribute "x": "type" is the string "text"'],
    [
      'the URN of users',
      '',
      { ...BADGE, id: 'urn:ietf:params:scim:schemas:core:2.0:User' },
      400,
      "is the server's own",
    ],
    [
      'a type that there is not',
      '?extends=Robot',
      BADGE,
      400,
      'There is no resource type "Robot" to extend; the types are User, Group.',
    ],
    ['a required that is no boolean', '?extends=User&required=yes', BADGE, 400, 'send true or false'],
  ])('refuses %s', async (_, query, body, status, detail) => {
    const answer = await admin('POST', `${path}${query}`, body);
    expect(answer.body).toMatchObject({ status: String(status), detail: expect.stringContaining(detail) });
    expect((await admin('GET', path)).body).toEqual({ schemas: [] });
  });

  it('refuses a URN twice, in any letter case', async () => {
    await admin('POST', path, BADGE);
    const again = await admin('POST', path, { ...BADGE, id: BADGE_URN.toUpperCase() });
    expect(again.body).toMatchObject({ status: '409', scimType: 'uniqueness' });
  });

  it('refuses attributes whose values would be stored as those of another', async () => {
    const answer = await admin('POST', `${path}?extends=User`, badge(...COLLIDING.map((name) => ({ name }))));
    expect(answer.status).toBe(400);
    expect(answer.body.detail).toContain("can't be told apart in storage; give one of them another name");
    expect((await admin('POST', path, badge(...COLLIDING.map((name) => ({ name }))))).status).toBe(201);
  });

  it('makes an extension required only while nothing lacks it', async () => {
    const made = await admin('POST', `${path}?extends=User&required=true`, BADGE);
    expect(made.body.usedBy).toMatchObject([{ required: true }]);
    const without = await scim('POST', '/Users', user('ada'));
    expect(without.body).toMatchObject({ status: '400', detail: expect.stringContaining(BADGE_URN) });
    await badged('ada', { number: '1' });
    const other = { ...BADGE, id: 'urn:example:other:2.0:User' };
    const late = await admin('POST', `${path}?extends=User&required=true`, other);
    expect(late.body.detail).toContain("can't be required: 1 resources of the type User lack it");
    expect(late.status).toBe(409);
    const loosened = await admin('PUT', `${path}/${BADGE_URN}?extends=User`, BADGE);
    expect(loosened.body.usedBy).toMatchObject([{ required: false }]);
    const again = await admin('PUT', `${path}/${BADGE_URN}?extends=User&required=true`, BADGE);
    expect(again.body.usedBy).toMatchObject([{ required: true }]);
    await admin('PUT', `${path}/${BADGE_URN}?extends=User`, BADGE);
    await scim('POST', '/Users', user('eve'));
    expect((await admin('PUT', `${path}/${BADGE_URN}?extends=User&required=true`, BADGE)).status).toBe(409);
  });

  describe('a new version', () => {
    beforeEach(async () => {
      await admin(
        'POST',
        `${path}?extends=User`,
        badge(
          { name: 'number' },
          { name: 'color' },
          { name: 'zone', type: 'complex', subAttributes: [{ name: 'value' }, { name: 'floor' }] },
        ),
      );
      await badged('ada', { number: 'A', zone: { value: 'x' } });
    });
    const zone = { name: 'zone', type: 'complex', subAttributes: [{ name: 'value' }, { name: 'floor' }] };

    it('adds attributes, which work at once', async () => {
      const replaced = await replace({ name: 'number', description: 'On the back' }, { name: 'color' }, zone, {
        name: 'size',
        type: 'integer',
      });
      expect(replaced.status).toBe(200);
      await badged('bob', { size: 4 });
      expect(await totalOf(`${BADGE_URN}:size ge 4`)).toBe(1);
    });

    it('changes freely what no resource has a value of', async () => {
      const other = {
        name: 'zone',
        type: 'complex',
        subAttributes: [{ name: 'value' }, { name: 'floor', type: 'integer' }],
      };
      expect(
        (await replace({ name: 'number' }, { name: 'color', type: 'integer', multiValued: true }, other)).status,
      ).toBe(200);
      expect((await replace({ name: 'number' }, other)).status).toBe(200);
    });

    it.each<[string, JsonValue[], string]>([
      [
        'another type',
        [{ name: 'number', type: 'integer' }, zone],
        'Attribute "number": its type changes from string to integer, and 1 resources of the type User have a value for it; remove',
      ],
      ['several values', [{ name: 'number', multiValued: true }, zone], 'Attribute "number": it becomes multi-valued'],
      ['letter case', [{ name: 'number', caseExact: true }, zone], 'Attribute "number": caseExact becomes true'],
      [
        'uniqueness',
        [{ name: 'number', uniqueness: 'server' }, zone],
        'Attribute "number": its uniqueness becomes server',
      ],
      ['no such attribute', [zone], 'Attribute "number": it is removed'],
      [
        'no such sub-attribute',
        [{ name: 'number' }, { ...zone, subAttributes: [{ name: 'floor' }] }],
        'Attribute "zone.value": it is removed',
      ],
      [
        'a required attribute',
        [{ name: 'number' }, zone, { name: 'size', required: true }],
        'Attribute "size": it is new and required, and 1 resources of the type User have no value for it; give them one first',
      ],
      [
        'a required sub-attribute',
        [{ name: 'number' }, { ...zone, subAttributes: [{ name: 'value' }, { name: 'floor', required: true }] }],
        'Attribute "zone.floor": it becomes required',
      ],
    ])('is refused when it has %s against the data', async (_, attributes, detail) => {
      const answer = await replace(...attributes);
      expect(answer.status).toBe(409);
      expect(answer.body.detail).toContain(detail);
      expect(await totalOf(`${BADGE_URN}:number eq "a"`)).toBe(1);
    });

    it('may require what every resource has', async () => {
      expect((await replace({ name: 'number', required: true }, { name: 'color' }, zone)).status).toBe(200);
    });

    it('extends more types', async () => {
      const body = badge({ name: 'number' }, { name: 'color' }, zone);
      const replaced = await admin('PUT', `${path}/${BADGE_URN}?extends=Group,User`, body);
      expect((replaced.body.usedBy as JsonObject[]).map(({ resourceType }) => resourceType)).toEqual(['User', 'Group']);
    });

    it('has the same id as the one before', async () => {
      const answer = await admin('PUT', `${path}/${BADGE_URN}`, { ...BADGE, id: BADGE_URN.toUpperCase() });
      expect(answer.body).toMatchObject({ status: '400', detail: expect.stringContaining('send the same id') });
      expect((await admin('PUT', `${path}/urn:example:none`, BADGE)).status).toBe(404);
    });
  });

  describe('a removal', () => {
    it('leaves no trace where there is no data', async () => {
      await admin('POST', `${path}?extends=User`, BADGE);
      const removed = await admin('DELETE', `${path}/${BADGE_URN}`);
      expect([removed.status, removed.body]).toEqual([200, { resourcesChanged: 0 }]);
      expect((await scim('GET', `/Schemas/${BADGE_URN}`)).status).toBe(404);
      expect((await scim('GET', '/ResourceTypes/User')).text).not.toContain(BADGE_URN);
      expect((await admin('DELETE', `${path}/${BADGE_URN}`)).body.detail).toContain('registered no schema');
    });

    it('is refused while there is data, and then takes it away when told, with events', async () => {
      await admin('POST', `${path}?extends=User`, BADGE);
      const ada = await badged('ada', { number: '1', floors: [1, 2] });
      await badged('bob', { color: 'red' });
      await scim('POST', '/Users', user('eve'));
      const refused = await admin('DELETE', `${path}/${BADGE_URN}`);
      expect(refused.body).toMatchObject({
        status: '409',
        detail: `2 resources of the type User have data of ${BADGE_URN}; say data=delete (in commands: --data delete) to remove the schema and that data with it.`,
      });
      expect((await admin('DELETE', `${path}/${BADGE_URN}?data=keep`)).status).toBe(400);
      const removed = await admin('DELETE', `${path}/${BADGE_URN}?data=delete`);
      expect(removed.body).toEqual({ resourcesChanged: 2 });
      const after = await scim('GET', ada);
      expect(after.body).toMatchObject({
        schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
        meta: { version: 'W/"2"' },
      });
      expect(after.text).not.toContain(BADGE_URN);
      const [event] = await rows(
        app.context.db,
        sql`select kind, attributes, actor from events where tenant_id = ${tenant.tenant.id}::uuid
          and resource_id = ${after.body.id}::uuid order by id desc limit 1`,
      );
      expect(event).toMatchObject({
        kind: 'patch',
        attributes: [`${BADGE_URN}:number`, `${BADGE_URN}:floors`],
        actor: expect.stringMatching(/^credential:/),
      });
      await admin('POST', `${path}?extends=User`, BADGE);
      expect(await totalOf(`${BADGE_URN}:number pr or ${BADGE_URN}:color pr`)).toBe(0);
    });

    it('is refused while the schema is the core of a resource type', async () => {
      for (const body of [ROBOT, SERVICE]) await admin('POST', path, body);
      await admin('POST', `/tenants/${tenant.tenant.slug}/resource-types`, ROBOT_TYPE);
      const refused = await admin('DELETE', `${path}/${ROBOT_URN}?data=delete`);
      expect(refused.body).toMatchObject({
        status: '409',
        detail: expect.stringContaining('remove the resource type first'),
      });
      expect((await scim('POST', '/Robots', robot('R2', { [SERVICE_URN]: { costCenter: 'x' } }))).status).toBe(201);
      expect((await admin('DELETE', `${path}/${SERVICE_URN}?data=delete`)).body).toEqual({ resourcesChanged: 1 });
      expect((await scim('GET', '/ResourceTypes/Robot')).body.schemaExtensions).toBeUndefined();
    });
  });

  it('is unknown to PATCH once it is removed', async () => {
    await admin('POST', `${path}?extends=User`, BADGE);
    const ada = await badged('ada', { number: '1' });
    await admin('DELETE', `${path}/${BADGE_URN}?data=delete`);
    const Operations = [{ op: 'add', path: `${BADGE_URN}:number`, value: '2' }];
    const patched = await scim('PATCH', ada, { schemas: [PATCH_OP], Operations });
    expect(patched.body).toMatchObject({ status: '400', scimType: 'invalidPath' });
  });

  it('answers 404 for a tenant that there is not', async () => {
    expect((await admin('GET', '/tenants/nobody/schemas')).status).toBe(404);
  });
});
