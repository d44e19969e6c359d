import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readDialect } from '../../src/access/dialects.ts';
import type { Scope } from '../../src/directory/context.ts';
import { searchResources, searchResourcesAsText } from '../../src/directory/search.ts';
import { MAX_LISTED_AT_ONCE } from '../../src/protocol/limits.ts';
import type { SearchQuery } from '../../src/protocol/search-query.ts';
import type { JsonObject } from '../../src/schema/json.ts';
import { GROUP_SCHEMA, PATCH_OP, SEARCH_REQUEST } from '../../src/schema/urns.ts';
import { rows, type Storage } from '../../src/storage/database.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { describeEachDatabase } from '../support/database.ts';
import { user } from '../support/directory.ts';
import { groupOf } from '../support/large-group.ts';

/** Bytes of the users, give or take: some are read with the page, some several at a time after it, and some alone. */
const SIZES = [0, 900_000, 0, 30_000, 700_000, 600_000, 500_000, 1000, 990_000];

describeEachDatabase('pages of large resources', (open) => {
  let storage: Storage;
  let app: TestApp;
  let scope: Scope;
  const ids: string[] = [];

  const made = async (path: string, body: object): Promise<string> => {
    const answer = await app.request('POST', path, body);
    expect(answer.status).toBe(201);
    return String(answer.body.id);
  };
  const madeUser = (userName: string, bytes: number) => made('/Users', { ...user(userName), emails: emails(bytes) });
  const madeGroup = (displayName: string, members: readonly (string | undefined)[]) =>
    made('/Groups', { schemas: [GROUP_SCHEMA], displayName, members: members.map((value) => ({ value })) });

  beforeAll(async () => {
    storage = await open();
    app = await startApp({ storage, profile: 'rfc' });
    const dialect = await readDialect(storage.db, app.tenant);
    scope = { tenantId: app.tenant.id, dialect, actor: 'test', mayActOnOwner: false, baseUrl: app.url };
    for (const [place, bytes] of SIZES.entries()) ids.push(await madeUser(`large-${place}`, bytes));
    // Of users of each size some are in groups that are in groups.
    const inner = await madeGroup('inner', [ids[1], ids[2], ids[3]]);
    await madeGroup('outer', [inner]);
    await madeGroup('plain', [ids[0], ids[4], ids[8]]);
    await groupOf(storage.db, app, 1500, 'many');
  });
  afterAll(() => app.close());

  const typesOf = (names: readonly string[]) => scope.dialect.registry.types.filter(({ name }) => names.includes(name));
  /** The same page, put together at once. */
  const atOnce = (query: SearchQuery, names = ['User']) => searchResources(app.context, scope, typesOf(names), query);
  const inParts = ({ headers }: { headers: Headers }) => headers.get('transfer-encoding') === 'chunked';
  const large = 'userName sw "large"';

  test.each<[Record<string, string>, string]>([
    [{}, 'in parts'],
    [{ sortBy: 'userName', sortOrder: 'descending' }, 'in parts'],
    [{ startIndex: '2', count: '5' }, 'in parts'],
    [{ attributes: 'userName,groups' }, 'in parts'],
    [{ excludedAttributes: 'groups,emails.display' }, 'in parts'],
    [{ startIndex: '6', count: '2' }, 'at once'],
  ])('are answered as those that are put together at once: %o, %s', async (given, way) => {
    const parameters: Record<string, string> = { filter: large, ...given };
    const answer = await app.request('GET', `/Users?${new URLSearchParams(parameters)}`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/scim+json');
    expect(inParts(answer) ? 'in parts' : 'at once').toBe(way);
    const { startIndex, count, ...query } = parameters;
    const numbers = startIndex ? { startIndex: Number(startIndex), count: Number(count) } : {};
    const expected = await atOnce({ ...query, ...numbers } as SearchQuery);
    expect(answer.body).toEqual(expected);
    expect(answer.body.itemsPerPage).toBe((answer.body.Resources as unknown[]).length);
  });

  test('are answered so with groups between them, those of many members too', async () => {
    const filter = `${large} or displayName eq "inner" or displayName eq "many"`;
    const query = { filter, sortBy: 'meta.lastModified' };
    const answer = await app.request('POST', '/.search', { schemas: [SEARCH_REQUEST], ...query });
    expect(inParts(answer)).toBe(true);
    expect(answer.body).toEqual(await atOnce(query as SearchQuery, ['User', 'Group']));
    expect(answer.body.totalResults).toBe(SIZES.length + 2);
  });

  test('come in pages by cursor', async () => {
    const found: unknown[] = [];
    for (let cursor: string | undefined = ''; cursor !== undefined; ) {
      const { body } = await app.request('GET', `/Users?${new URLSearchParams({ filter: large, count: '5', cursor })}`);
      found.push(...(body.Resources as JsonObject[]).map(({ id }) => id));
      cursor = body.nextCursor as string | undefined;
    }
    expect(found).toEqual(ids);
  });

  test('are answered in parts from more bytes on than the limit', async () => {
    for (const name of ['edge-1', 'edge-2']) await madeUser(name, 990_000);
    const id = await madeUser('edge-3', 0);
    const page = () => app.request('GET', `/Users?${new URLSearchParams({ filter: 'userName sw "edge"' })}`);
    const bytes = async () => {
      const query = sql`select sum(octet_length(doc))::int as n from resources
        where tenant_id = ${app.tenant.id}::uuid and unique_key like 'edge-%'`;
      return (await rows<{ n: number }>(storage.db, query))[0]?.n ?? 0;
    };
    const title = async (length: number) => {
      const body = { schemas: [PATCH_OP], Operations: [{ op: 'replace', path: 'title', value: 'x'.repeat(length) }] };
      expect((await app.request('PATCH', `/Users/${id}`, body)).status).toBe(200);
    };
    await title(1);
    const lacking = MAX_LISTED_AT_ONCE - (await bytes());
    await title(1 + lacking);
    expect(await bytes()).toBe(MAX_LISTED_AT_ONCE);
    expect(inParts(await page())).toBe(false);
    await title(2 + lacking);
    expect(inParts(await page())).toBe(true);
  });

  test('lack those that are deleted meanwhile, and show others as they are when it is their turn', async () => {
    const meanwhile: string[] = [];
    for (const name of ['a', 'b', 'c', 'd', 'e']) meanwhile.push(await madeUser(`meanwhile-${name}`, 900_000));
    const query = { filter: 'userName sw "meanwhile"', sortBy: 'userName' } as SearchQuery;
    const parts = await searchResourcesAsText(app.context, scope, typesOf(['User']), query);
    let text = '';
    for await (const part of parts) {
      if (text === '') {
        expect((await app.request('DELETE', `/Users/${meanwhile[2]}`)).status).toBe(204);
        expect((await app.request('DELETE', `/Users/${meanwhile[4]}`)).status).toBe(204);
        const body = { schemas: [PATCH_OP], Operations: [{ op: 'replace', path: 'title', value: 'Now' }] };
        expect((await app.request('PATCH', `/Users/${meanwhile[3]}`, body)).status).toBe(200);
      }
      text += part;
    }
    const { Resources, itemsPerPage } = JSON.parse(text);
    expect(Resources.map(({ id }: JsonObject) => id)).toEqual([meanwhile[0], meanwhile[1], meanwhile[3]]);
    expect(itemsPerPage).toBe(3);
    expect(Resources[2]).toMatchObject({ title: 'Now', meta: { version: 'W/"2"' } });
  });

  test('are not read for HEAD', async () => {
    const head = await app.request('HEAD', `/Users?${new URLSearchParams({ filter: large })}`);
    expect([head.status, head.text]).toEqual([200, '']);
  });
});

/** Emails with so many bytes of JSON, give or take. */
function emails(bytes: number): object[] {
  const each = 10_000;
  const display = 'x'.repeat(each - 60);
  return Array.from({ length: Math.floor(bytes / each) }, (_, index) => ({ value: `${index}@example.com`, display }));
}
