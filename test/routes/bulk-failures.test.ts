import { describe, expect, it, vi } from 'vitest';
import { RFC } from '../../src/profiles/rfc.ts';
import { MAX_BODY_BYTES, MAX_BULK_OPERATIONS } from '../../src/protocol/limits.ts';
import type { JsonObject } from '../../src/schema/json.ts';
import { ERROR, GROUP_SCHEMA } from '../../src/schema/urns.ts';
import { type Answer, send } from '../support/app.ts';
import { bulk, idOf, patch, postUser, results, statuses } from '../support/bulk.ts';
import { bulkApp } from '../support/bulk-app.ts';
import { shows } from '../support/conformance.ts';
import { describeEachDatabase } from '../support/database.ts';

const OTHERS = vi.hoisted(() => ({ profiles: {} as Record<string, unknown> }));

vi.mock('../../src/profiles/index.ts', async (original) => {
  const actual = await original<typeof import('../../src/profiles/index.ts')>();
  return { ...actual, profileNamed: (name: string) => OTHERS.profiles[name] ?? actual.profileNamed(name) };
});
const { operations } = RFC;
OTHERS.profiles['no-bulk'] = { ...RFC, name: 'no-bulk', operations: { ...operations, bulk: false } };

describeEachDatabase('/Bulk', (open) => {
  const at = bulkApp(open);

  describe('failures', () => {
    it(
      'do not stop what follows, and have the error of the request by itself',
      shows('7644-3.7-4', '7644-3.7-5', '7644-3.7-7', '7644-3.7-8', '7644-3.7.3-2', '7644-3.7.3-3'),
      async () => {
        const [id] = results(await at.run([postUser('x', 'Ann')])).map(idOf);
        const body = await at.run([
          postUser('a', 'ANN'),
          patch(`/Users/${id}`, [{ op: 'add', path: 'title', value: 'x' }], { version: 'W/"7"' }),
          patch(`/Users/${id}`, [{ op: 'remove', path: 'userName' }]),
          { method: 'DELETE', path: '/Users/none' },
          { method: 'PUT', path: '/Groups/none', data: { schemas: [GROUP_SCHEMA], displayName: 'x' } },
          postUser('b', 'bob'),
        ]);
        expect(statuses(body)).toEqual(['409', '412', '400', '404', '404', '201']);
        for (const { status, response } of results(body).slice(0, 5)) {
          expect(response).toMatchObject({ schemas: [ERROR], status, detail: expect.stringMatching(/./) });
        }
        expect(results(body).map(({ location }) => location)).toEqual([
          undefined,
          `${at.app.url}/Users/${id}`,
          `${at.app.url}/Users/${id}`,
          `${at.app.url}/Users/none`,
          `${at.app.url}/Groups/none`,
          expect.stringContaining('/Users/'),
        ]);
        expect((await at.request('GET', `/Users/${id}`)).headers.get('etag')).toBe('W/"1"');
      },
    );

    it('have the status of the profile', async () => {
      await at.enter('role-object');
      const [bad] = results(await at.run([postUser('a', 'ann', { active: 'perhaps' })]));
      expect(bad).toMatchObject({ status: '422', response: { status: '422', scimType: 'invalidValue' } });
    });

    it.each([
      [1, ['201', '409']],
      [2, ['201', '409', '201', '400']],
      [3, ['201', '409', '201', '400', '201']],
    ])('end the job after failOnErrors %i', shows('7644-3.7-9'), async (failOnErrors, expected) => {
      const body = await at.run(
        [
          postUser('a', 'ann'),
          postUser('b', 'Ann'),
          postUser('c', 'carl'),
          { method: 'PATCH', path: '/Users/x' },
          postUser('d', 'dora'),
        ],
        { failOnErrors },
      );
      expect(statuses(body)).toEqual(expected);
      expect(await at.total('/Users')).toBe(expected.filter((status) => status === '201').length);
    });

    it.each([
      ['GET', { method: 'GET', path: '/Users' }, '405'],
      ['no method', { path: '/Users' }, '400'],
      ['an unknown method', { method: 'MOVE', path: '/Users' }, '400'],
      ['a method that is no text', { method: 5, path: '/Users' }, '400'],
      ['no path', { method: 'DELETE' }, '400'],
      ['a path that is no text', { method: 'DELETE', path: {} }, '400'],
      ['an unknown endpoint', { method: 'DELETE', path: '/Nothing/1' }, '404'],
      ['Bulk', { method: 'POST', path: '/Bulk', bulkId: 'x', data: {} }, '404'],
      ['Me', { method: 'PATCH', path: '/Me', data: {} }, '404'],
      ['.search', { method: 'POST', path: '/Users/.search', bulkId: 'x', data: {} }, '405'],
      ['a foreign host', { method: 'DELETE', path: 'https://example.com/scim/v2/Users/1' }, '404'],
      ['a query', { method: 'DELETE', path: '/Users/1?x=y' }, '400'],
      ['bad percent-encoding', { method: 'DELETE', path: '/Users/%zz' }, '400'],
      ['a POST to a resource', { method: 'POST', path: '/Users/1', bulkId: 'x', data: {} }, '405'],
      ['a PUT to an endpoint', { method: 'PUT', path: '/Users', data: {} }, '405'],
      ['a POST without bulkId', { method: 'POST', path: '/Users', data: { userName: 'x' } }, '400'],
      ['an empty bulkId', { ...postUser('', 'x') }, '400'],
      ['a bulkId that is no text', { ...postUser('', 'x'), bulkId: 5 }, '400'],
      ['no data', { method: 'PUT', path: '/Users/1' }, '400'],
      ['null data', { method: 'POST', path: '/Users', bulkId: 'x', data: null }, '400'],
      ['data that is no object', { method: 'POST', path: '/Users', bulkId: 'x', data: 'ann' }, '400'],
      ['a PATCH without its message', { method: 'PATCH', path: '/Users/1', data: { title: 'x' } }, '400'],
      ['a version that is no text', { method: 'DELETE', path: '/Users/1', version: 1 }, '400'],
    ])('of one operation: %s', shows('7644-3.7-2', '7644-3.7-5', '7644-3.7-8'), async (_, operation, status) => {
      const body = await at.run([operation as JsonObject, postUser('after', 'after')]);
      expect(statuses(body)).toEqual([status, '201']);
      expect(results(body)[0]?.response).toMatchObject({ schemas: [ERROR], status, detail: expect.any(String) });
    });
  });

  describe('what is refused as a whole', () => {
    const user = postUser('a', 'ann');

    async function expectRefused(answer: Answer, status: number, scimType?: string): Promise<string> {
      expect(answer.status, answer.text).toBe(status);
      expect(answer.body).toMatchObject({ schemas: [ERROR], status: String(status) });
      expect(answer.body.scimType).toBe(scimType);
      expect(await at.total('/Users')).toBe(0);
      return String(answer.body.detail);
    }

    it.each([
      ['no body', undefined],
      ['an array', []],
      ['schemas of nothing', { schemas: [], Operations: [user] }],
      ['another message', { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: [user] }],
      ['no operations', bulk([])],
      ['operations that are no array', { ...bulk([]), Operations: user }],
      ['an operation that is no object', bulk([user, 'DELETE'])],
      ['an operation that is null', bulk([user, null])],
      ['a bulkId used twice', bulk([user, postUser('a', 'bob')])],
    ])('%s', shows('7644-3.7-1', '7644-3.7-7'), async (_, body) => {
      await expectRefused(await at.post(body), 400, 'invalidSyntax');
    });

    it.each([0, -1, 1.5, '1', true])('failOnErrors %j', async (failOnErrors) => {
      await expectRefused(await at.post(bulk([user], { failOnErrors })), 400, 'invalidValue');
    });

    it('any limit of errors from 1 on is taken', async () => {
      const limits = ['1', '1.0', '1e2', '9007199254740993', '99999999999999999999999', '1e999'];
      for (const [index, limit] of limits.entries()) {
        const text = JSON.stringify(bulk([postUser('a', `limited-${index}`)], { failOnErrors: 1 }));
        const answer = await at.post(text.replace('"failOnErrors":1', `"failOnErrors":${limit}`));
        expect([limit, answer.status, statuses(answer.body)]).toEqual([limit, 200, ['201']]);
      }
    });

    it('takes null for what may be left out, and names in any letter case', async () => {
      const { schemas, Operations } = bulk([{ ...user, version: null }]);
      const answer = await at.post({
        SCHEMAS: [String(schemas).toUpperCase()],
        operations: Operations,
        failOnErrors: null,
      });
      expect(answer.status).toBe(200);
      expect(statuses(answer.body)).toEqual(['201']);
    });

    it('more operations than maxOperations', shows('7644-3.7.4-2', '7644-3.7.4-3', '7644-3.12-10'), async () => {
      const many = Array.from({ length: MAX_BULK_OPERATIONS + 1 }, () => ({ method: 'DELETE', path: '/Users/x' }));
      const detail = await expectRefused(await at.post(bulk(many)), 413);
      expect(detail).toContain(`maxOperations of ${MAX_BULK_OPERATIONS}`);
      expect(statuses(await at.run(many.slice(1)))).toHaveLength(MAX_BULK_OPERATIONS);
    });

    it('a larger body than maxPayloadSize', shows('7644-3.7.4-2', '7644-3.7.4-3', '7644-3.12-10'), async () => {
      const padded = (size: number) => {
        const text = JSON.stringify(bulk([user]));
        return text + ' '.repeat(size - text.length);
      };
      const detail = await expectRefused(await at.post(padded(MAX_BODY_BYTES + 1)), 413);
      expect(detail).toContain(`maxPayloadSize of ${MAX_BODY_BYTES}`);
      expect((await at.post(padded(MAX_BODY_BYTES))).status).toBe(200);
    });

    it('what the credential may not do', async () => {
      const readOnly = await at.app.issueToken(at.tenant.tenant, { scopes: ['scim:read'] });
      const answer = await send(`${at.app.url}/Bulk`, 'POST', readOnly, bulk([user]));
      await expectRefused(answer, 403);
    });

    it('bulk where the profile does not offer it', async () => {
      await at.enter('no-bulk');
      await expectRefused(await at.post(bulk([user])), 501);
      expect((await at.request('GET', '/ServiceProviderConfig')).body.bulk).toMatchObject({ supported: false });
    });
  });
});
