import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { COMMAND_LINE } from '../../src/directory/operator.ts';
import { removeSchema } from '../../src/directory/remove-schema.ts';
import { registerSchema, replaceSchema } from '../../src/directory/schemas.ts';
import type { JsonObject, JsonValue } from '../../src/schema/json.ts';
import { PATCH_OP, USER_SCHEMA } from '../../src/schema/urns.ts';
import { send, startApp, type TestApp, type TestTenant } from '../support/app.ts';
import { describeEachDatabase } from '../support/database.ts';

const URN = 'urn:example:params:scim:schemas:extension:traits:2.0:User';
const schemaWith = (...attributes: JsonValue[]): JsonObject => ({ id: URN, name: 'Traits', attributes });
const SCHEMA = schemaWith(
  { name: 'count', type: 'integer' },
  { name: 'amount', type: 'decimal' },
  { name: 'badge', uniqueness: 'server' },
  { name: 'pin', mutability: 'writeOnly', returned: 'never' },
  { name: 'hint', returned: 'request' },
);

describeEachDatabase('characteristics of a schema that a tenant registered', (open) => {
  let app: TestApp;
  let tenant: TestTenant;
  beforeAll(async () => {
    app = await startApp({ storage: await open() });
  });
  afterAll(() => app.close());
  beforeEach(async () => {
    tenant = await app.addTenant({ profile: 'rfc', grade: 'strict' });
    await registerSchema(app.context, COMMAND_LINE, tenant.tenant, SCHEMA, { types: ['User'], required: false });
  });

  const request = (method: string, path: string, body?: unknown) =>
    send(`${app.url}${path}`, method, tenant.token, body);
  const post = (userName: string, traits: string) =>
    request('POST', '/Users', `{"schemas":["${USER_SCHEMA}","${URN}"],"userName":"${userName}","${URN}":${traits}}`);
  const redefine = async (...attributes: JsonValue[]) => {
    const extending = { types: [], required: false };
    await replaceSchema(app.context, COMMAND_LINE, tenant.tenant, URN, schemaWith(...attributes), extending);
    // A token that was not used yet is answered by the new definition at once.
    tenant = { ...tenant, token: await app.issueToken(tenant.tenant) };
  };

  it('numbers go in and come out exactly', async () => {
    const traits = '{"count":123456789012345678901234567890,"amount":0.1000000000000000000001}';
    const created = await post('ann', traits);
    expect(created.status).toBe(201);
    expect(created.text).toContain(`"${URN}":${traits}`);
    await post('bob', '{"count":123456789012345678901234567891,"amount":0.1}');
    const filter = encodeURIComponent(`${URN}:count lt 123456789012345678901234567891`);
    const listed = await request('GET', `/Users?filter=${filter}`);
    expect(listed.body.totalResults).toBe(1);
    expect(listed.text).toContain(traits);
    const sorted = await request('GET', `/Users?sortBy=${URN}:amount&attributes=userName`);
    expect((sorted.body.Resources as JsonObject[]).map(({ userName }) => userName)).toEqual(['bob', 'ann']);
    const patched = await request(
      'PATCH',
      `/Users/${String(created.body.id)}`,
      `{"schemas":["${PATCH_OP}"],"Operations":[{"op":"replace","path":"${URN}:amount","value":1e400}]}`,
    );
    expect(patched.text).toContain('"count":123456789012345678901234567890,"amount":1e400');
  });

  it('a unique value is refused to a second one, and what is returned on request is told to who sent it', async () => {
    const created = await post('ann', '{"badge":"B-1","hint":"h"}');
    expect(created.body[URN]).toEqual({ badge: 'B-1', hint: 'h' });
    expect((await request('GET', `/Users/${String(created.body.id)}`)).body[URN]).toEqual({ badge: 'B-1' });
    const refused = await post('bob', '{"badge":"b-1"}');
    expect(refused.status).toBe(409);
    expect(refused.body).toMatchObject({
      scimType: 'uniqueness',
      detail: expect.stringContaining(`"b-1" in ${URN}:badge`),
    });
  });

  it('what was unique once, and is again, does not remember the values of then', async () => {
    await post('ann', '{"badge":"B-1"}');
    await redefine({ name: 'badge' });
    expect((await post('bob', '{"badge":"B-1"}')).status).toBe(201);
    await expect(redefine({ name: 'badge', uniqueness: 'server' })).rejects.toMatchObject({ status: 409 });
    const found = await request('GET', '/Users');
    for (const { id } of found.body.Resources as JsonObject[]) {
      const operations = [{ op: 'remove', path: `${URN}:badge` }];
      await request('PATCH', `/Users/${String(id)}`, { schemas: [PATCH_OP], Operations: operations });
    }
    await redefine({ name: 'badge', uniqueness: 'server' });
    expect((await post('cat', '{"badge":"B-1"}')).status).toBe(201);
    expect((await post('dan', '{"badge":"B-1"}')).status).toBe(409);
  });

  it('a reference that has values refers to resources as long as it did, so that filters and uniqueness hold', async () => {
    const link = (type: string) => ({ name: 'link', type: 'reference', uniqueness: 'server', referenceTypes: [type] });
    const uri = 'https://example.com/v2/Users/1';
    const found = async () =>
      (await request('GET', `/Users?filter=${encodeURIComponent(`${URN}:link eq "${uri}"`)}`)).body.totalResults;
    await redefine(link('external'));
    const { body } = await post('ann', `{"link":"${uri}"}`);
    await expect(redefine(link('User'))).rejects.toMatchObject({
      status: 409,
      message: expect.stringContaining('"link": its referenceTypes come to name resource types, and 1 resources'),
    });
    await redefine(link('uri'));
    expect(await found()).toBe(1);
    expect((await post('bob', `{"link":"${uri}"}`)).status).toBe(409);
    await request('DELETE', `/Users/${String(body.id)}`);
    await redefine(link('User'));
    expect((await post('bob', `{"link":"${uri}"}`)).status).toBe(201);
    expect(await found()).toBe(1);
    await expect(redefine(link('external'))).rejects.toMatchObject({ status: 409 });
    expect(await removeSchema(app.context, COMMAND_LINE, tenant.tenant, URN, true)).toBe(1);
  });

  it('data that is never shown counts as data when the schema is to go', async () => {
    const { body } = await post('ann', '{"pin":"4711"}');
    await expect(removeSchema(app.context, COMMAND_LINE, tenant.tenant, URN, false)).rejects.toMatchObject({
      status: 409,
    });
    expect(await removeSchema(app.context, COMMAND_LINE, tenant.tenant, URN, true)).toBe(1);
    expect((await request('GET', `/Users/${String(body.id)}`)).body.schemas).toEqual([USER_SCHEMA]);
  });
});
