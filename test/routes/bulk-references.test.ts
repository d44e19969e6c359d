import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/schema/json.ts';
import { ERROR, ENTERPRISE_USER_SCHEMA as enterprise, USER_SCHEMA } from '../../src/schema/urns.ts';
import { rows } from '../../src/storage/database.ts';
import { addMember, idOf, patch, postGroup, postUser, results, statuses } from '../support/bulk.ts';
import { bulkApp } from '../support/bulk-app.ts';
import { shows } from '../support/conformance.ts';
import { describeEachDatabase } from '../support/database.ts';

describeEachDatabase('/Bulk', (open) => {
  const at = bulkApp(open);

  describe('references', () => {
    it(
      'are resolved backward and forward, in members, manager, paths and filters',
      shows('7644-3.7.2-1', '7644-3.7.2-2', '7644-3.7-11'),
      async () => {
        const manager = { [enterprise]: { manager: { value: 'bulkId:boss', $ref: '../Users/bulkId:boss' } } };
        const body = await at.run([
          postGroup('g', 'Staff', ['bulkId:ann', 'bulkId:boss']),
          postUser('ann', 'ann', { schemas: [USER_SCHEMA, enterprise], ...manager }),
          postUser('boss', 'boss', { displayName: 'bulkId:ann' }),
          patch('/Users/bulkId:boss', [{ op: 'add', path: 'title', value: 'Boss' }]),
          patch('/Groups/bulkId:g', [{ op: 'remove', path: 'members[value eq "bulkId:boss"]' }]),
          patch('/Users/bulkId:boss', [{ op: 'add', path: `${enterprise}:manager`, value: { $ref: 'bulkId:ann' } }]),
        ]);
        expect(statuses(body)).toEqual(['201', '201', '201', '200', '200', '200']);
        const [group, ann, boss] = results(body).map(idOf);
        expect(await at.membersOf(String(group))).toEqual([ann]);
        expect((await at.request('GET', `/Users/${ann}`)).body[enterprise]).toEqual({
          manager: { value: boss, $ref: `../Users/${boss}` },
        });
        expect((await at.request('GET', `/Users/${boss}`)).body).toMatchObject({
          displayName: 'bulkId:ann',
          title: 'Boss',
          [enterprise]: { manager: { $ref: `${at.app.url}/Users/${ann}` } },
        });
      },
    );

    it(
      'in a circle create all of them: groups that contain each other, users that manage each other',
      shows('7644-3.7.1-1'),
      async () => {
        const managed = (userName: string, by: string) =>
          postUser(userName, userName, {
            schemas: [USER_SCHEMA, enterprise],
            [enterprise]: { manager: { value: by } },
          });
        const body = await at.run([
          postGroup('a', 'A', ['bulkId:b']),
          postGroup('b', 'B', ['bulkId:c']),
          postGroup('c', 'C', ['bulkId:a']),
          managed('x', 'bulkId:y'),
          managed('y', 'bulkId:x'),
          managed('self', 'bulkId:self'),
        ]);
        expect(statuses(body)).toEqual(Array.from({ length: 6 }, () => '201'));
        const [a, b, c, x, y, self] = results(body).map((result) => idOf(result));
        expect([await at.membersOf(a ?? ''), await at.membersOf(b ?? ''), await at.membersOf(c ?? '')]).toEqual([
          [b],
          [c],
          [a],
        ]);
        for (const [id, by] of [
          [x, y],
          [y, x],
          [self, self],
        ]) {
          const { body } = await at.request('GET', `/Users/${id}`);
          expect(body).toMatchObject({ [enterprise]: { manager: { value: by } }, meta: { version: 'W/"1"' } });
        }
      },
    );

    it('to what failed fail too, in a circle all of them', shows('7644-3.7.1-2', '7644-3.7-8'), async () => {
      await at.run([postGroup('taken', 'Taken')]);
      const body = await at.run([
        postGroup('a', 'A', ['bulkId:b']),
        postGroup('b', 'TAKEN', ['bulkId:a']),
        postGroup('c', 'C', ['bulkId:a']),
        patch('/Groups/bulkId:c', [addMember('bulkId:d')]),
        postUser('d', 'd'),
        { method: 'POST', path: '/Users', bulkId: 'e' },
        postGroup('f', 'F', ['bulkId:e']),
      ]);
      expect(statuses(body)).toEqual(['409', '409', '409', '409', '201', '400', '409']);
      expect(results(body).map(({ response }) => (response as JsonObject | undefined)?.scimType)).toEqual([
        undefined,
        'uniqueness',
        undefined,
        undefined,
        undefined,
        'invalidSyntax',
        undefined,
      ]);
      expect(results(body)[0]?.response).toEqual({
        schemas: [ERROR],
        status: '409',
        detail: 'The operation with the bulkId "b", to which this one refers, failed; put that right first.',
      });
      expect(results(body)[0]).not.toHaveProperty('location');
      expect(await at.total('/Groups')).toBe(1);
      expect(await at.total('/Users')).toBe(1);
    });

    it('name the resource that was made where an operation on it fails', shows('7644-3.7.3-2'), async () => {
      const body = await at.run([
        postUser('a', 'ann'),
        patch('/Users/bulkId:a', [{ op: 'add', path: 'title', value: 'x' }], { version: 'W/"9"' }),
        { method: 'PUT', path: '/Users/bulkId:a', data: { userName: 'ann' } },
        patch('/Users/bulkId:a', [{ op: 'add', path: 'manager', value: { value: 'bulkId:b' } }]),
        { method: 'DELETE', path: '/Users/bulkId:a' },
        { method: 'DELETE', path: '/Users/bulkId:a' },
        { method: 'POST', path: '/Users', bulkId: 'b' },
        { method: 'DELETE', path: '/Users/bulkId:b' },
      ]);
      expect(statuses(body)).toEqual(['201', '412', '400', '409', '204', '404', '400', '409']);
      const [made, ...others] = results(body).map(({ location }) => location);
      expect(made).toMatch(/\/Users\/[0-9a-f-]{36}$/);
      expect(others).toEqual([made, made, made, made, made, undefined, `${at.app.url}/Users/bulkId%3Ab`]);
    });

    it.each([2, 8])(
      'in a circle of %i wait for a name that another is taking, and are refused as a whole',
      async (size) => {
        const storage = await open();
        // It has one connection, on which nobody can be taking anything meanwhile.
        if (storage.kind === 'embedded') return;
        const circle = Array.from({ length: size }, (_, index) =>
          postUser(`u${index}`, `user-${index}`, {
            schemas: [USER_SCHEMA, enterprise],
            [enterprise]: { manager: { value: `bulkId:u${(index + 1) % size}` } },
          }),
        );
        const { id } = at.tenant.tenant;
        const waiting = sql`select 1 from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock' and query not like '%pg_stat_activity%'`;
        const made = await storage.db.transaction(async (tx) => {
          await tx.execute(sql`insert into resources (tenant_id, id, type, unique_key, version, created_at, updated_at, doc)
          values (${id}::uuid, gen_random_uuid(), 1, 'user-1', 1, now(), now(), '{}')`);
          const asked = at.run(circle);
          await expect.poll(async () => (await rows(storage.db, waiting)).length).toBe(1);
          return { asked };
        });
        const body = await made.asked;
        expect(new Set(statuses(body))).toEqual(new Set(['409']));
        expect(JSON.stringify(body)).toContain('user-1');
        expect(await at.total('/Users?filter=displayName%20pr')).toBe(0);
      },
    );

    it('to nothing are refused, and only there', async () => {
      const body = await at.run([
        postGroup('a', 'A', ['bulkId:nobody']),
        postGroup('b', 'B', ['bulkId:a']),
        patch('/Groups/bulkId:p', [addMember('x')], { bulkId: 'p' }),
        postUser('c', 'c', { nickName: 'bulkId:nobody' }),
      ]);
      expect(statuses(body)).toEqual(['400', '409', '400', '201']);
      expect(results(body)[0]?.response).toMatchObject({ scimType: 'invalidValue' });
      expect(results(body)[2]?.location).toBe(`${at.app.url}/Groups/bulkId:p`);
    });
  });
});
