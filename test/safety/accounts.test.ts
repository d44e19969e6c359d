import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestApp } from '../support/app.ts';
import { describeEachDatabase } from '../support/database.ts';
import { message, type Side, twoTenants } from './two-tenants.ts';

// Account takeover by linking: CVE-2025-41115 (an externalId taken for an internal id), CVE-2022-1680 (another's e-mail),
// CVE-2026-67330 (accounts linked by e-mail).
describeEachDatabase('an account', (open) => {
  describe.each(['rfc', 'role-object'])('in a tenant with the profile %s', (profile) => {
    let app: TestApp;
    let victim: Side;
    let attacker: Side;
    beforeAll(async () => {
      ({ app, victim, attacker } = await twoTenants(await open(), profile));
    });
    afterAll(() => app.close());

    it('never gets the id that a client chooses', async () => {
      const id = await victim.user();
      const before = await victim.read(id);
      const chosen = randomUUID();
      for (const wanted of [id, chosen, '1', 1]) {
        for (const side of [victim, attacker]) {
          const { status, body } = await side.call('POST', '/Users', message({ id: wanted }));
          expect(status).toBe(201);
          expect(body.id).not.toBe(wanted);
          const [made] = await side.bulk({
            method: 'POST',
            path: '/Users',
            bulkId: 'a',
            data: message({ id: wanted }),
          });
          expect(made).toMatchObject({ status: '201' });
          expect(String(made?.location).split('/').at(-1)).not.toBe(String(wanted));
        }
      }
      expect((await victim.call('GET', `/Users/${chosen}`)).status).toBe(404);
      const other = await victim.user();
      const put = await victim.call('PUT', `/Users/${other}`, message({ id }));
      expect([put.status, put.body.id]).toEqual([200, other]);
      const absent = await victim.call('PUT', `/Users/${chosen}`, message({ id: chosen }));
      expect(absent.status).toBe(404);
      const patched = await victim.patch(`/Users/${other}`, { op: 'replace', path: 'id', value: id });
      expect(patched).toMatchObject({ status: 400, body: { scimType: 'mutability' } });
      await victim.patch(`/Users/${other}`, { op: 'replace', value: { id, title: 'x' } });
      expect((await victim.read(other)).id).toBe(other);
      expect(await victim.read(id)).toEqual(before);
    });

    it('is not found by an externalId that is the id of another', async () => {
      const id = await victim.user();
      const before = await victim.read(id);
      const impostor = await victim.user({ externalId: id });
      const foreign = await attacker.user({ externalId: id });
      expect((await victim.read(id)).id).toBe(id);
      // In the other tenant the text is an externalId only, and it is that tenant's own user whom it may name.
      const named = await attacker.call('GET', `/Users/${id}`);
      expect(named.status === 404 || named.body.id === foreign).toBe(true);
      expect((await victim.patch(`/Users/${id}`, { op: 'add', path: 'title', value: 'own' })).status).toBe(200);
      expect((await victim.read(impostor)).title).toBeUndefined();
      await attacker.patch(`/Users/${id}`, { op: 'add', path: 'title', value: 'taken' });
      await attacker.call('DELETE', `/Users/${id}`);
      expect(await victim.read(id)).toMatchObject({ userName: before.userName, title: 'own' });
      expect((await victim.call('DELETE', `/Users/${id}`)).status).toBe(204);
      // Whose externalId it is, is another user: nobody becomes the deleted one.
      expect((await victim.read(impostor)).id).toBe(impostor);
    });

    it('is not shared by those who have the same e-mail address or externalId', async () => {
      const emails = [{ value: 'ada@example.com', type: 'work', primary: true }];
      const same = { emails, externalId: `ext-${randomUUID()}` };
      const id = await victim.user(same);
      const before = await victim.read(id);
      const twin = await victim.user({ emails });
      const foreign = await attacker.user(same);
      expect(new Set([id, twin, foreign]).size).toBe(3);
      await victim.patch(`/Users/${twin}`, { op: 'replace', path: 'active', value: false });
      await victim.call('DELETE', `/Users/${twin}`);
      await attacker.call('PUT', `/Users/${foreign}`, message({ ...same, title: 'taken' }));
      await attacker.call('DELETE', `/Users/${foreign}`);
      expect(await victim.read(id)).toEqual(before);
    });

    it('is not reached by the externalId that it has in another tenant', async () => {
      const externalId = `42-${randomUUID()}`;
      const id = await victim.user({ externalId });
      const before = await victim.read(id);
      for (const [method, body] of [
        ['GET', undefined],
        ['PUT', message()],
        ['DELETE', undefined],
      ] as const) {
        expect((await attacker.call(method, `/Users/${externalId}`, body)).status).toBe(404);
      }
      const filter = new URLSearchParams({ filter: `externalId eq "${externalId}"` });
      expect((await attacker.call('GET', `/Users?${filter}`)).body.totalResults).toBe(0);
      expect(await victim.read(id)).toEqual(before);
    });

    it('keeps its token when another takes its e-mail address or gives its own away', async () => {
      const email = `${randomUUID()}@example.com`;
      const id = await victim.user({ emails: [{ value: email, primary: true }] });
      const { userName } = await victim.read(id);
      const token = await app.issueToken(victim.tenant, { user: String(userName) });
      await victim.patch(`/Users/${id}`, { op: 'replace', path: 'emails', value: [{ value: 'new@example.com' }] });
      await victim.user({ emails: [{ value: email, primary: true }] });
      const me = await fetch(`${app.url}/Me`, { headers: { authorization: `Bearer ${token}` } });
      expect(((await me.json()) as { id: string }).id).toBe(id);
      // A name that is free again brings its token to nobody.
      await victim.call('DELETE', `/Users/${id}`);
      await victim.user({ userName: String(userName) });
      const gone = await fetch(`${app.url}/Me`, { headers: { authorization: `Bearer ${token}` } });
      expect([401, 404]).toContain(gone.status);
    });

    it('has an id in each tenant, which tells nothing of the others', async () => {
      const person = { userName: 'same@example.com', externalId: 'same', emails: [{ value: 'same@example.com' }] };
      const ids = [await victim.user(person), await attacker.user(person)];
      const groups = [await victim.group(ids[0] ?? ''), await attacker.group(ids[1] ?? '')];
      // Beside the time, which is that of the creation, nothing of a UUID v7 is the same.
      const randomParts = [...ids, ...groups].map((id) => id.slice(24));
      expect(new Set(randomParts).size).toBe(4);
      expect([...ids, ...groups].every((id) => /^[0-9a-f]{8}-[0-9a-f]{4}-7/.test(id))).toBe(true);
      const seen = JSON.stringify([await victim.read(ids[0] ?? ''), (await victim.call('GET', '/Groups')).body]);
      expect(seen).not.toContain(ids[1]);
      expect(seen).not.toContain(groups[1]);
    });
  });
});
