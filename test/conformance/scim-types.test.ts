import { describe, expect, it, vi } from 'vitest';
import { CURSOR_TIMEOUT_SECONDS } from '../../src/protocol/paging.ts';
import type { JsonObject } from '../../src/schema/json.ts';
import { BULK_REQUEST, PATCH_OP, SEARCH_REQUEST, USER_SCHEMA } from '../../src/schema/urns.ts';
import { type Answer, send } from '../support/app.ts';
import { shows } from '../support/conformance.ts';
import { expectError, scimServer } from '../support/scim.ts';

// As if the limit were reached: half a million members would take a minute to make.
const LISTED = 3;
vi.mock('../../src/protocol/limits.ts', async (original) => ({
  ...(await original<typeof import('../../src/protocol/limits.ts')>()),
  MAX_MEMBERS_LISTED: 3,
  MAX_MEMBERS_AT_ONCE: 2,
}));

// Time that has passed beside that of the machine.
let later = 0;
const server = scimServer({ context: { clock: () => new Date(Date.now() + later) } });

describe.each(['lenient', 'strict'] as const)('scimType where the grade is %s', (grade) => {
  /** Ann, who must be the same afterwards, whatever is refused. */
  async function withAnn(more: JsonObject = {}) {
    const at = await server.tenant({ grade });
    const ann = await at.user('ann', { emails: [{ value: 'a@example.com', type: 'work' }], ...more });
    const one = `/Users/${ann.id}`;
    const unchanged = async () => {
      const read = await at.request('GET', one);
      expect(read.body).toEqual(ann);
      expect((await at.list('/Users')).body.totalResults).toBe(1);
    };
    const refused = async (answer: Answer | Promise<Answer>, status: number, scimType: string) =>
      expectError(await answer, status, scimType);
    return { at, one, ann, refused, unchanged };
  }

  it('invalidFilter: in a list, a message and the path of a PATCH', shows('7644-3.12-20'), async () => {
    const { at, one, refused, unchanged } = await withAnn();
    for (const filter of ['userName', 'userName like "a"', 'shoeSize eq 1', 'active gt true', '', '(userName pr']) {
      await refused(at.list('/Users', { filter }), 400, 'invalidFilter');
      await refused(at.list('', { filter }), 400, 'invalidFilter');
      const message = { schemas: [SEARCH_REQUEST], filter };
      await refused(at.request('POST', '/Users/.search', message), 400, 'invalidFilter');
    }
    const operation = { op: 'remove', path: 'emails[value like "a"]' };
    await refused(at.patch(one, operation), 400, 'invalidFilter');
    await unchanged();
  });

  it('tooMany: groups with too many members on one page', shows('7644-3.12-21', '7644-3.4.2.1-3'), async () => {
    const at = await server.tenant({ grade });
    const users = await Promise.all(['a', 'b', 'c', 'd'].map((name) => at.user(name)));
    const ids = users.map(({ id }) => id);
    const large = await at.group('large', ids);
    const fits = await at.list('/Groups');
    expect((await at.request('GET', `/Groups/${large.id}`)).body.members).toHaveLength(LISTED + 1);
    expect(fits.status).toBe(200);
    await at.group('empty');
    for (const answer of [
      await at.list('/Groups'),
      await at.list('', { filter: 'members pr or displayName pr' }),
      await at.request('POST', '/Groups/.search', { schemas: [SEARCH_REQUEST] }),
    ]) {
      expectError(answer, 400, 'tooMany');
      expect(answer.body.detail).toContain('excludedAttributes=members');
    }
    expect((await at.list('/Groups', { excludedAttributes: 'members' })).body.totalResults).toBe(2);
    expect((await at.list('/Groups', { count: '1' })).status).toBe(200);
    await at.patch(`/Groups/${large.id}`, { op: 'remove', path: `members[value eq "${ids[0]}"]` });
    expect((await at.list('/Groups')).body.totalResults).toBe(2);
  });

  it('uniqueness: a name that is taken, at every kind of write', shows('7644-3.12-22', '7644-3.12-8'), async () => {
    const { at, ann } = await withAnn();
    const bob = await at.user('bob');
    const one = `/Users/${bob.id}`;
    const same = { schemas: [USER_SCHEMA], userName: 'ANN' };
    expectError(await at.request('POST', '/Users', same), 409, 'uniqueness');
    expectError(await at.request('PUT', one, same), 409, 'uniqueness');
    expectError(await at.patch(one, { op: 'replace', path: 'userName', value: 'Ann' }), 409, 'uniqueness');
    const Operations = [{ method: 'POST', path: '/Users', bulkId: 'x', data: same }];
    const { body } = await at.request('POST', '/Bulk', { schemas: [BULK_REQUEST], Operations });
    expect(body.Operations).toMatchObject([{ status: '409', response: { status: '409', scimType: 'uniqueness' } }]);
    expect((await at.request('GET', one)).body).toEqual(bob);
    expect((await at.request('GET', `/Users/${ann.id}`)).body).toEqual(ann);
    expect((await at.list('/Users')).body.totalResults).toBe(2);
  });

  it('mutability: what is readOnly or required', shows('7644-3.12-23'), async () => {
    const { at, one, refused, unchanged } = await withAnn();
    for (const operation of [
      { op: 'replace', path: 'id', value: 'x' },
      { op: 'add', path: 'meta.created', value: '2026-01-01T00:00:00Z' },
      { op: 'remove', path: 'groups' },
      { op: 'remove', path: 'userName' },
    ]) {
      await refused(at.patch(one, operation), 400, 'mutability');
    }
    await unchanged();
  });

  it('invalidSyntax: a body that is no such message', shows('7644-3.12-24'), async () => {
    const { at, one, refused, unchanged } = await withAnn();
    for (const body of ['{"userName":', '[]', '"ann"', 'null']) {
      await refused(at.request('POST', '/Users', body), 400, 'invalidSyntax');
      await refused(at.request('PUT', one, body), 400, 'invalidSyntax');
      await refused(at.request('PATCH', one, body), 400, 'invalidSyntax');
      await refused(at.request('POST', '/Bulk', body), 400, 'invalidSyntax');
      await refused(at.request('POST', '/.search', body), 400, 'invalidSyntax');
    }
    await refused(at.patch(one, { op: 'move', path: 'title', value: 'x' }), 400, 'invalidSyntax');
    await unchanged();
  });

  it('invalidPath: a path that is malformed or names nothing', shows('7644-3.12-25'), async () => {
    const { at, one, refused, unchanged } = await withAnn();
    for (const path of ['', 'shoeSize', 'name.', 'name.shoeSize', 'emails[type eq "work"', 'emails..value']) {
      await refused(at.patch(one, { op: 'replace', path, value: 'x' }), 400, 'invalidPath');
    }
    await refused(at.patch(one, { op: 'add', path: 'userName[value eq "a"]', value: 'x' }), 400, 'invalidPath');
    await unchanged();
  });

  it('noTarget: a path that selects nothing, and a remove without a path', shows('7644-3.12-26'), async () => {
    const { at, one, refused, unchanged } = await withAnn();
    await refused(at.patch(one, { op: 'remove' }), 400, 'noTarget');
    const path = 'emails[not (type eq "work")].value';
    await refused(at.patch(one, { op: 'replace', path, value: 'x@example.com' }), 400, 'noTarget');
    await unchanged();
  });

  it('invalidValue: values that are missing or do not fit', shows('7644-3.12-27'), async () => {
    const { at, one, refused, unchanged } = await withAnn();
    for (const body of [
      { schemas: [USER_SCHEMA] },
      { schemas: [USER_SCHEMA], userName: 'x', active: 'perhaps' },
      { schemas: [USER_SCHEMA], userName: 'x', emails: [{ primary: 'yes' }] },
    ]) {
      await refused(at.request('POST', '/Users', body), 400, 'invalidValue');
      await refused(at.request('PUT', one, body), 400, 'invalidValue');
    }
    await refused(at.patch(one, { op: 'replace', path: 'active', value: 'perhaps' }), 400, 'invalidValue');
    await refused(at.list('/Users', { startIndex: 'x' }), 400, 'invalidValue');
    await refused(at.list('/Users', { sortBy: 'shoeSize' }), 400, 'invalidValue');
    await unchanged();
  });

  it('invalidVers: another version of the protocol', shows('7644-3.12-28', '7644-3.13-2'), async () => {
    const { at, refused, one, unchanged } = await withAnn();
    for (const version of ['v1', 'v3', 'v1.1', 'V1']) {
      for (const [method, path, body] of [
        ['GET', '/Users'],
        ['POST', '/Users', { schemas: [USER_SCHEMA], userName: 'x' }],
        ['PATCH', one, { schemas: [PATCH_OP], Operations: [{ op: 'add', path: 'title', value: 'x' }] }],
        ['DELETE', one],
      ] as const) {
        const answer = await send(`${at.origin}/scim/${version}${path}`, method, at.token, body);
        await refused(answer, 400, 'invalidVers');
        expect(answer.body.detail).toContain('/scim/v2');
      }
    }
    await unchanged();
  });

  it('sensitive: a GET that filters by what is never returned', shows('7644-3.12-29', '7644-7.5.2-1'), async () => {
    const { at, one, refused, unchanged } = await withAnn({ password: 'correct horse' });
    for (const filter of ['password eq "correct horse"', 'PASSWORD sw "c"', 'password pr', 'not (password pr)']) {
      for (const path of ['/Users', '']) {
        const answer = await at.list(path, { filter });
        await refused(answer, 403, 'sensitive');
        expect(answer.text).not.toContain('horse');
      }
      // Nor by POST, which would give the password away letter by letter.
      const message = { schemas: [SEARCH_REQUEST], filter };
      await refused(at.request('POST', '/Users/.search', message), 400, 'invalidFilter');
    }
    await refused(at.patch(one, { op: 'remove', path: 'password[value sw "c"]' }), 400, 'invalidFilter');
    await unchanged();
  });

  it('invalidCursor and invalidCount: pages that were not given so', async () => {
    const { at, refused, unchanged } = await withAnn();
    await refused(at.list('/Users', { cursor: 'bm8' }), 400, 'invalidCursor');
    await refused(at.list('/Users', { cursor: '', count: 'ten' }), 400, 'invalidCount');
    await unchanged();
    await at.user('bob');
    const first = await at.list('/Users', { cursor: '', count: '1' });
    const cursor = String(first.body.nextCursor);
    expectError(await at.list('/Users', { cursor, count: '2' }), 400, 'invalidCount');
    expectError(await at.list('/Groups', { cursor, count: '1' }), 400, 'invalidCursor');
    expect((await at.list('/Users', { cursor, count: '1' })).body.Resources).toHaveLength(1);
  });
});

it('expiredCursor: a page that was given too long ago', async () => {
  const at = await server.tenant();
  await at.user('ann');
  await at.user('bob');
  const first = await at.list('/Users', { cursor: '', count: '1' });
  const next = { cursor: String(first.body.nextCursor), count: '1' };
  expect((await at.list('/Users', next)).status).toBe(200);
  later += (CURSOR_TIMEOUT_SECONDS + 1) * 1000;
  expectError(await at.list('/Users', next), 400, 'expiredCursor');
});
