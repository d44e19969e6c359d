import { afterAll, beforeAll, expect, test } from 'vitest';
import { readDialect } from '../../src/access/dialects.ts';
import type { Scope } from '../../src/directory/context.ts';
import { MEMBERS_IN_PART } from '../../src/directory/members-in-parts.ts';
import { searchResources, searchResourcesAsText } from '../../src/directory/search.ts';
import { MAX_MEMBERS_AT_ONCE } from '../../src/protocol/limits.ts';
import type { SearchQuery } from '../../src/protocol/search-query.ts';
import type { JsonObject } from '../../src/schema/json.ts';
import { SEARCH_REQUEST } from '../../src/schema/urns.ts';
import type { Storage } from '../../src/storage/database.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { describeEachDatabase } from '../support/database.ts';
import { user } from '../support/directory.ts';
import { groupOf } from '../support/large-group.ts';

/** Of some of them several are read at a time, of some one, and some are read in parts. */
const SIZES = [3, 2 * MEMBERS_IN_PART + 1, 0, 600, 400, 1, MEMBERS_IN_PART, MEMBERS_IN_PART + 1, 0];

describeEachDatabase('lists of groups with many members', (open) => {
  let storage: Storage;
  let app: TestApp;
  let scope: Scope;

  beforeAll(async () => {
    storage = await open();
    app = await startApp({ storage, profile: 'rfc' });
    const dialect = await readDialect(storage.db, app.tenant);
    scope = { tenantId: app.tenant.id, dialect, actor: 'test', mayActOnOwner: false, baseUrl: app.url };
    for (const [place, size] of SIZES.entries()) {
      await groupOf(storage.db, app, size, `large ${place}`);
      expect((await app.request('POST', '/Users', user(`user-${place}`))).status).toBe(201);
    }
  });
  afterAll(() => app.close());

  /** The same list, put together at once. */
  const atOnce = (query: SearchQuery, names = ['Group']) =>
    searchResources(
      app.context,
      scope,
      scope.dialect.registry.types.filter(({ name }) => names.includes(name)),
      query,
    );
  const large = 'displayName sw "large"';

  test.each<Record<string, string>>([
    {},
    { sortBy: 'displayName', sortOrder: 'descending' },
    { startIndex: '2', count: '5' },
    { attributes: 'members' },
    { attributes: 'displayName,members.display,members.value' },
    { excludedAttributes: 'members.$ref,meta' },
    // Not every member has one.
    { attributes: 'members.display' },
  ])('are answered as those that are put together at once: %o', async (given) => {
    const parameters = { filter: large, ...given };
    const answer = await app.request('GET', `/Groups?${new URLSearchParams(parameters)}`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('transfer-encoding')).toBe('chunked');
    expect(answer.headers.get('content-type')).toBe('application/scim+json');
    const { startIndex, count, ...query } = parameters as Record<string, string>;
    const numbers = { ...(startIndex ? { startIndex: Number(startIndex), count: Number(count) } : {}) };
    expect(answer.body).toEqual(await atOnce({ ...query, ...numbers } as SearchQuery));
    expect(answer.body.itemsPerPage).toBe((answer.body.Resources as unknown[]).length);
  });

  test('are answered at once without their members', async () => {
    const query = { filter: large, excludedAttributes: 'members' };
    const answer = await app.request('GET', `/Groups?${new URLSearchParams(query)}`);
    expect(answer.headers.has('content-length')).toBe(true);
    expect(answer.body).toEqual(await atOnce(query as SearchQuery));
  });

  test('are answered so with users between them, and when they are asked for by a message', async () => {
    const filter = `${large} or userName sw "user-"`;
    const query = { filter, sortBy: 'meta.created' };
    const answer = await app.request('POST', '/.search', { schemas: [SEARCH_REQUEST], ...query });
    expect(answer.headers.get('transfer-encoding')).toBe('chunked');
    expect(answer.body).toEqual(await atOnce(query as SearchQuery, ['User', 'Group']));
    expect(answer.body.totalResults).toBe(2 * SIZES.length);
  });

  test('come in pages by cursor', async () => {
    const shown: JsonObject[] = [];
    for (let cursor: string | undefined = ''; cursor !== undefined; ) {
      const { body } = await app.request(
        'GET',
        `/Groups?${new URLSearchParams({ filter: large, count: '4', cursor })}`,
      );
      shown.push(...(body.Resources as JsonObject[]));
      cursor = body.nextCursor as string | undefined;
    }
    const members = shown.map((one) => ((one.members as unknown[] | undefined) ?? []).length);
    expect(members.toSorted()).toEqual(SIZES.toSorted());
  });

  test('are answered in parts from more members on than the limit, be it of one group', async () => {
    const inParts = async (count: number) => {
      const id = await groupOf(storage.db, app, count);
      const { headers, body } = await app.request('GET', `/Groups?${new URLSearchParams({ filter: `id eq "${id}"` })}`);
      expect((body.Resources as JsonObject[])[0]?.members).toHaveLength(count);
      return headers.get('transfer-encoding') === 'chunked';
    };
    expect(await inParts(MAX_MEMBERS_AT_ONCE)).toBe(false);
    expect(await inParts(MAX_MEMBERS_AT_ONCE + 1)).toBe(true);
  });

  test('show of a group that is deleted meanwhile no members, and of the others all', async () => {
    const [kept, gone] = [
      await groupOf(storage.db, app, MEMBERS_IN_PART + 1, 'meanwhile 1'),
      await groupOf(storage.db, app, MEMBERS_IN_PART + 1, 'meanwhile 2'),
    ];
    const types = scope.dialect.registry.types.filter(({ name }) => name === 'Group');
    const query = { filter: 'displayName sw "meanwhile"', sortBy: 'displayName' } as SearchQuery;
    const parts = await searchResourcesAsText(app.context, scope, types, query);
    let text = '';
    for await (const part of parts) {
      if (text === '') expect((await app.request('DELETE', `/Groups/${gone}`)).status).toBe(204);
      text += part;
    }
    const found = JSON.parse(text).Resources as JsonObject[];
    expect(found.map(({ id }) => id)).toEqual([kept, gone]);
    expect(found[0]?.members).toHaveLength(MEMBERS_IN_PART + 1);
    expect(found[1]).not.toHaveProperty('members');
  });

  test('are not read for HEAD', async () => {
    const head = await app.request('HEAD', `/Groups?${new URLSearchParams({ filter: large })}`);
    expect([head.status, head.text]).toEqual([200, '']);
  });
});
