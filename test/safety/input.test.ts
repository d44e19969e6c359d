import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/schema/json.ts';
import { PATCH_OP } from '../../src/schema/urns.ts';
import { send, type TestApp } from '../support/app.ts';
import { describeEachDatabase } from '../support/database.ts';
import { message, type Side, twoTenants } from './two-tenants.ts';

describeEachDatabase('hostile input', (open) => {
  let app: TestApp;
  let victim: Side;
  let attacker: Side;
  let id: string;
  let foreign: string;
  beforeAll(async () => {
    ({ app, victim, attacker } = await twoTenants(await open(), 'rfc'));
    foreign = await victim.user({ userName: 'secret-name' });
    id = await attacker.user({ userName: 'own' });
  });
  afterAll(() => app.close());

  // CVE-2016-4468, CVE-2019-11282 (SQL in filters), CVE-2019-11274 (script in a filter that is shown).
  describe('in a filter, a sort or an address', () => {
    const TEXTS = [
      "' or '1'='1",
      "'; drop table resources; --",
      '" or userName pr or userName eq "',
      "') union select * from resources --",
      '\\',
      "\\' or 1=1 --",
      '$1',
      '%',
      '_',
      '*',
      '.*',
      '(a+)+$',
      '<script>alert(1)</script>',
    ];
    it.each(TEXTS)('is a value and no more: %s', async (text) => {
      for (const operator of ['eq', 'co', 'sw', 'ew', 'gt']) {
        const value = JSON.stringify(text);
        const query = new URLSearchParams({ filter: `userName ${operator} ${value}` });
        const { status, body, headers, text: answer } = await attacker.call('GET', `/Users?${query}`);
        expect([200, 400]).toContain(status);
        expect(answer).not.toContain(foreign);
        if (status === 200 && operator === 'eq') expect(body.totalResults).toBe(0);
        expect(headers.get('content-type')).toMatch(/^application\/scim\+json/);
      }
      for (const [name, given] of [
        ['filter', text],
        ['filter', `${text} eq "x"`],
        ['sortBy', text],
        ['attributes', text],
        ['cursor', text],
        ['startIndex', text],
      ] as const) {
        const answer = await attacker.call('GET', `/Users?${new URLSearchParams({ [name]: given })}`);
        expect(answer.status, `${name}=${given}`).toBeLessThan(500);
        expect(answer.text).not.toContain('secret-name');
        expect(answer.headers.get('content-type')).toMatch(/^application\/scim\+json/);
      }
      const addressed = await attacker.call('GET', `/Users/${encodeURIComponent(text)}`);
      expect([400, 404]).toContain(addressed.status);
      const patched = await attacker.patch(`/Users/${id}`, {
        op: 'replace',
        path: `emails[type eq ${JSON.stringify(text)}].value`,
        value: 'x',
      });
      expect(patched.status).toBeLessThan(500);
      expect((await victim.read(foreign)).userName).toBe('secret-name');
    });
  });

  // scimple 1126, SCIMReferenceCode 138, keycloak 50472, idenplane 946.
  describe('that is deep, long or many', () => {
    const nested = (depth: number) => `${'('.repeat(depth)}userName pr${')'.repeat(depth)}`;
    it.each([
      ['parentheses', nested(5000)],
      ['negations', `${'not ('.repeat(2000)}userName pr${')'.repeat(2000)}`],
      ['terms', Array.from({ length: 5000 }, (_, n) => `title eq "${n}"`).join(' or ')],
      ['an open bracket after the other', 'emails['.repeat(3000)],
      ['spaces', `userName${' '.repeat(20_000)}pr`],
      ['quotes', '"'.repeat(20_000)],
      ['escapes', `userName eq "${'\\\\'.repeat(20_000)}"`],
    ])('is refused in a filter: %s', async (_, filter) => {
      const { status, body } = await attacker.call('POST', '/Users/.search', {
        schemas: ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'],
        filter,
      });
      expect(status).toBe(400);
      expect(body.scimType).toBe('invalidFilter');
    });

    it('is refused in JSON, in operations and in paths', async () => {
      const deep = `{"schemas":[],"userName":"x","name":${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}}`;
      const wide = `[${'['.repeat(20_000)}${']'.repeat(20_000)}]`;
      for (const body of [deep, wide]) expect((await attacker.call('POST', '/Users', body)).status).toBe(400);
      const Operations = Array.from({ length: 100_000 }, () => ({ op: 'remove', path: 'title' }));
      const many = await attacker.call('PATCH', `/Users/${id}`, { schemas: [PATCH_OP], Operations });
      expect([400, 413]).toContain(many.status);
      const path = `emails[${nested(3000)}].value`;
      expect((await attacker.patch(`/Users/${id}`, { op: 'replace', path, value: 'x' })).status).toBe(400);
      const name = message({ userName: 'x'.repeat(1_000_000) });
      expect([400, 413]).toContain((await attacker.call('POST', '/Users', name)).status);
    });
  });

  // CVE-2026-48170, GHSA-9m6g-wc8r-q59c, GHSA-2mhw-wcx5-v3xj.
  describe('that names a prototype', () => {
    const clean = () =>
      expect([({} as JsonObject).polluted, ([] as unknown as JsonObject).polluted]).toEqual([undefined, undefined]);
    it.each([
      '__proto__',
      'constructor',
      'prototype',
      'constructor.prototype',
      '__proto__.polluted',
      'name.__proto__',
      'toString',
    ])('changes nothing by the path %s', async (path) => {
      for (const op of ['add', 'replace', 'remove']) {
        const patched = await attacker.patch(`/Users/${id}`, { op, path, value: { polluted: true } });
        expect(patched.status).toBeLessThan(500);
        const below = await attacker.patch(`/Users/${id}`, { op, path: `${path}.polluted`, value: true });
        expect(below.status).toBeLessThan(500);
      }
      clean();
      expect(JSON.stringify(await attacker.read(id))).not.toContain('polluted');
    });

    it('changes nothing by a body', async () => {
      const inside = '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}';
      for (const place of [inside, `{"name":${inside}}`, `{"emails":[${inside}]}`, `{"urn:example:x":${inside}}`]) {
        const user = `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"p${Math.random()}",${place.slice(1)}`;
        const posted = await attacker.call('POST', '/Users', user);
        expect(posted.status).toBeLessThan(500);
        const patching = `{"schemas":["${PATCH_OP}"],"Operations":[{"op":"add","value":${place}},{"op":"replace","path":"name","value":${place}}]}`;
        expect((await attacker.call('PATCH', `/Users/${id}`, patching)).status).toBeLessThan(500);
        clean();
        expect(posted.text).not.toContain('polluted":true');
        expect(JSON.stringify(await attacker.read(id))).not.toContain('polluted');
      }
      const { isAdmin } = (await attacker.call('GET', '/Users?__proto__[isAdmin]=1&constructor=1')).body;
      expect(isAdmin).toBeUndefined();
    });
  });

  // Members and attributes that were read, changed and written back whole.
  describe('at the same time', () => {
    it('loses no member and no attribute', async () => {
      const group = await attacker.group();
      const members = await Promise.all(Array.from({ length: 12 }, () => attacker.user()));
      const added = await Promise.all(
        members.map((value) => attacker.patch(`/Groups/${group}`, { op: 'add', path: 'members', value: [{ value }] })),
      );
      expect(added.every(({ status }) => status === 200 || status === 204)).toBe(true);
      const shown = (await attacker.call('GET', `/Groups/${group}`)).body.members as JsonObject[];
      expect(shown.map(({ value }) => value).sort()).toEqual([...members].sort());
      const paths = ['title', 'nickName', 'displayName', 'locale', 'timezone', 'userType', 'preferredLanguage'];
      const user = await attacker.user();
      const values: Record<string, string> = { locale: 'en-US', timezone: 'Europe/Berlin', preferredLanguage: 'en' };
      await Promise.all(
        paths.map((path) => attacker.patch(`/Users/${user}`, { op: 'replace', path, value: values[path] ?? path })),
      );
      const stored = await attacker.read(user);
      expect(paths.filter((path) => stored[path] === undefined)).toEqual([]);
      expect((stored.meta as JsonObject).version).toBe(`W/"${paths.length + 1}"`);
    });

    it('gives a name to one only, and heeds If-Match', async () => {
      const asked = message();
      const answers = await Promise.all(Array.from({ length: 6 }, () => attacker.call('POST', '/Users', asked)));
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409]);
      const user = await attacker.user();
      const headers = { 'if-match': 'W/"1"' };
      const body = { schemas: [PATCH_OP], Operations: [{ op: 'replace', path: 'title', value: 'x' }] };
      const racing = await Promise.all(
        ['a', 'b', 'c'].map((value) => {
          const [operation] = body.Operations;
          const mine = { ...body, Operations: [{ ...operation, value }] };
          return send(`${app.url}/Users/${user}`, 'PATCH', attacker.token, mine, headers);
        }),
      );
      expect(racing.map(({ status }) => status).sort()).toEqual([200, 412, 412]);
    });
  });
});
