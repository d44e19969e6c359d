import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readDialect } from '../../src/access/dialects.ts';
import type { Scope } from '../../src/directory/context.ts';
import { MEMBERS_IN_PART } from '../../src/directory/members-in-parts.ts';
import { readResource } from '../../src/directory/read.ts';
import { readInParts } from '../../src/directory/read-in-parts.ts';
import { MAX_MEMBERS_AT_ONCE } from '../../src/protocol/limits.ts';
import { projectionOf } from '../../src/protocol/projection.ts';
import type { JsonObject } from '../../src/schema/json.ts';
import type { ResourceTypeDefinition } from '../../src/schema/resource-type.ts';
import { PATCH_OP } from '../../src/schema/urns.ts';
import { rows, type Storage } from '../../src/storage/database.ts';
import { send, startApp, type TestApp } from '../support/app.ts';
import { describeEachDatabase } from '../support/database.ts';
import { groupOf } from '../support/large-group.ts';

const LARGE = 2 * MEMBERS_IN_PART + 1;
type Given = { attributes?: string; excludedAttributes?: string };

describeEachDatabase('groups with many members', (open) => {
  let storage: Storage;
  let app: TestApp;
  let scope: Scope;
  let type: ResourceTypeDefinition;
  let large: string;

  beforeAll(async () => {
    storage = await open();
    app = await startApp({ storage, profile: 'rfc' });
    const dialect = await readDialect(storage.db, app.tenant);
    scope = { tenantId: app.tenant.id, dialect, actor: 'test', mayActOnOwner: false, baseUrl: app.url };
    type = dialect.registry.types.find(({ name }) => name === 'Group') as ResourceTypeDefinition;
    large = await groupOf(storage.db, app, LARGE);
  });
  afterAll(() => app.close());

  /** What is answered where all is put together first. */
  const built = async (id: string, given: Given = {}) => {
    const { body, text, etag } = await readResource(app.context, scope, type, id, projectionOf(type, given));
    return { text: text ?? JSON.stringify(body), etag };
  };

  test.each<Given>([
    {},
    { attributes: 'members' },
    { attributes: 'members.value' },
    { attributes: 'displayName,members.display,members.value' },
    { excludedAttributes: 'members.$ref' },
    { excludedAttributes: 'meta' },
    // Not every member has one.
    { attributes: 'members.display' },
  ])('are answered byte for byte as all at once: %o', async (given) => {
    const answer = await app.request('GET', `/Groups/${large}?${new URLSearchParams(given)}`);
    const { text, etag } = await built(large, given);
    expect(answer.text === text).toBe(true);
    expect(answer.headers.get('transfer-encoding')).toBe('chunked');
    expect(answer.headers.get('etag')).toBe(etag);
    expect(answer.headers.get('content-type')).toBe('application/scim+json');
    expect(answer.headers.get('location')).toBe(`${app.url}/Groups/${large}`);
  });

  test('are answered so to a PATCH that names what it wants', async () => {
    const id = await groupOf(storage.db, app, LARGE);
    const title = (value: string) => ({
      schemas: [PATCH_OP],
      Operations: [{ op: 'replace', path: 'displayName', value }],
    });
    for (const given of [{ attributes: 'members,displayName' }, { excludedAttributes: 'members.$ref' }] as Given[]) {
      const answer = await app.request(
        'PATCH',
        `/Groups/${id}?${new URLSearchParams(given)}`,
        title(JSON.stringify(given)),
      );
      expect([answer.status, answer.headers.get('transfer-encoding')]).toEqual([200, 'chunked']);
      const { text, etag } = await built(id, given);
      expect(answer.text === text).toBe(true);
      expect(answer.headers.get('etag')).toBe(etag);
      expect(answer.body.displayName).toBe(JSON.stringify(given));
    }
    const without = await app.request('PATCH', `/Groups/${id}?excludedAttributes=members`, title('last'));
    expect([without.status, without.body.displayName]).toEqual([200, 'last']);
  });

  test('are answered without members where nothing is to be shown of any', async () => {
    const id = await groupOf(storage.db, app, LARGE);
    await rows(
      storage.db,
      sql`update resources r set display = null from members m where r.tenant_id = ${app.tenant.id}::uuid
        and m.tenant_id = ${app.tenant.id}::uuid and m.group_id = ${id}::uuid and r.id = m.member_id`,
    );
    const given = { attributes: 'members.display' };
    const answer = await app.request('GET', `/Groups/${id}?${new URLSearchParams(given)}`);
    expect(answer.headers.get('transfer-encoding')).toBe('chunked');
    expect(answer.text).toBe((await built(id, given)).text);
    expect(answer.body).not.toHaveProperty('members');
  });

  test('are answered in parts from more members on than the limit', async () => {
    const most = await groupOf(storage.db, app, MAX_MEMBERS_AT_ONCE);
    const atOnce = await app.request('GET', `/Groups/${most}`);
    expect(atOnce.headers.has('content-length')).toBe(true);
    expect(atOnce.body.members).toHaveLength(MAX_MEMBERS_AT_ONCE);
    const more = await groupOf(storage.db, app, MAX_MEMBERS_AT_ONCE + 1);
    const inParts = await app.request('GET', `/Groups/${more}`);
    expect(inParts.headers.get('transfer-encoding')).toBe('chunked');
    expect(inParts.body.members).toHaveLength(MAX_MEMBERS_AT_ONCE + 1);
  });

  test('are not sent to who has them, nor to HEAD', async () => {
    const { etag } = await built(large);
    const held = await app.request('GET', `/Groups/${large}`, undefined, { 'if-none-match': etag });
    expect([held.status, held.text]).toEqual([304, '']);
    const head = await send(`${app.url}/Groups/${large}`, 'HEAD', app.token);
    expect([head.status, head.text, head.headers.get('etag')]).toEqual([200, '', etag]);
    expect(head.headers.get('content-length')).toBeNull();
  });

  test('are of one version, whoever joins and leaves between the parts', async () => {
    const id = await groupOf(storage.db, app, LARGE);
    const before = await built(id);
    const reading = await readInParts(app.context, scope, type, id, projectionOf(type, {}));
    if (!('parts' in reading)) throw new Error('it is read in parts');
    let text = '';
    for await (const part of reading.parts) {
      if (text === '') await changeBothEnds(id, JSON.parse(before.text) as JsonObject);
      text += part;
    }
    expect(reading.etag).toBe(before.etag);
    expect(text === before.text).toBe(true);
    expect((await built(id)).etag).not.toBe(before.etag);
  });

  /** Takes the last member out of the group, and a user into it that comes before all others. */
  async function changeBothEnds(id: string, group: JsonObject): Promise<void> {
    const last = (group.members as JsonObject[]).at(-1)?.value;
    const first = '00000000-0000-7000-8000-000000000001';
    await rows(
      storage.db,
      sql`insert into resources (tenant_id, id, type, version, created_at, updated_at, doc)
        values (${app.tenant.id}::uuid, ${first}::uuid, 1, 1, now(), now(), '{}')`,
    );
    const Operations = [
      { op: 'remove', path: `members[value eq "${last}"]` },
      { op: 'add', path: 'members', value: [{ value: first }] },
    ];
    const patch = { schemas: [PATCH_OP], Operations };
    const changed = await app.request('PATCH', `/Groups/${id}?excludedAttributes=members`, patch);
    expect(changed.status).toBe(200);
  }
});
