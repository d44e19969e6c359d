import { afterAll, beforeAll, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/schema/json.ts';
import { startApp, type TestApp } from '../../support/app.ts';
import { describeEachDatabase } from '../../support/database.ts';
import { type Bridge, bridgeOf, PATCH, USER } from './bridge.ts';

const URN = 'urn:example:params:scim:schemas:extension:badge:2.0:User';
const DESK = 'urn:example:params:scim:schemas:extension:desk:2.0:User';

describeEachDatabase('a refused task whose user was stored under other schemas', (open) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({ storage: await open() });
  });
  afterAll(() => app.close());

  const schemasOf = (of: Bridge) => {
    const below = `/tenants/${of.tenant.slug}/schemas`;
    const asked = async (method: string, path: string, body?: unknown) => {
      const { status, text } = await of.admin(method, `${below}${path}`, body);
      expect(status, text).toBeLessThan(300);
    };
    return {
      register: (attributes: object[], id = URN) => asked('POST', '?extends=User', { id, attributes }),
      replace: (attributes: object[], query = '') => asked('PUT', `/${URN}${query}`, { id: URN, attributes }),
      remove: (query = '') => asked('DELETE', `/${URN}${query}`),
    };
  };
  const tenant = async () => {
    const of = await bridgeOf(app, { profile: 'rfc' });
    return { of, ...schemasOf(of) };
  };
  const user = (of: Bridge, badge: JsonObject) => of.user('ada', { schemas: [USER, URN], title: 'old', [URN]: badge });
  const without = async (of: Bridge, id: string, ...paths: string[]) => {
    const Operations = paths.map((path) => ({ op: 'remove', path }));
    const { status, text } = await of.scim('PATCH', `/Users/${id}`, { schemas: [PATCH], Operations });
    expect(status, text).toBe(200);
  };
  const refused = async (of: Bridge, id: string) =>
    of.step((await of.lastOf(id)).id, 'refuse', { who: 'ada@example.com', reason: 'stays' });
  const shown = async (of: Bridge, id: string) => (await of.scim('GET', `/Users/${id}`)).body;
  const found = async (of: Bridge, filter: string) =>
    (await of.scim('GET', `/Users?filter=${encodeURIComponent(filter)}`)).body.totalResults;

  const complex = (name: string, ...subAttributes: object[]) => ({ name, type: 'complex', subAttributes });
  const many = (name: string, ...subAttributes: object[]) => ({
    ...complex(name, ...subAttributes),
    multiValued: true,
  });

  it('brings back no value of an attribute that is gone or of another type', async () => {
    const { of, register, replace, remove } = await tenant();
    await register([{ name: 'n' }, complex('door', { name: 'a' }), { name: 'stays' }]);
    const id = await user(of, { n: 'abc', door: { a: '1' }, stays: 'here' });
    await without(of, id, `${URN}:n`, `${URN}:door`, `${URN}:stays`, 'title');
    await replace([{ name: 'n', type: 'integer' }, { name: 'stays' }]);
    expect((await refused(of, id)).status).toBe(200);
    const back = await shown(of, id);
    expect(back).toMatchObject({ schemas: [USER, URN], title: 'old' });
    expect(back[URN]).toEqual({ stays: 'here' });
    expect(await found(of, `${URN}:n pr`)).toBe(0);
    expect(await found(of, `${URN}:stays eq "here"`)).toBe(1);
    await without(of, id, `${URN}:stays`);
    await remove();
    expect(await shown(of, id)).toMatchObject({ schemas: [USER] });
  });

  it('brings back no part of a complex value that is gone or of another type', async () => {
    const { of, register, replace } = await tenant();
    const door = [{ name: 'n' }, { name: 'gone' }, { name: 'keys', multiValued: true }];
    await register([complex('door', ...door), many('doors', ...door)]);
    const before = { n: 'abc', gone: 'x', keys: ['k', 'l'] };
    const id = await user(of, { door: before, doors: [before, { n: 'abc' }, { gone: 'x' }] });
    await without(of, id, URN);
    const now = [
      { name: 'n', type: 'integer' },
      { name: 'keys', multiValued: true },
    ];
    await replace([complex('door', ...now), many('doors', ...now)]);
    expect((await refused(of, id)).status).toBe(200);
    const keys = ['k', 'l'];
    expect((await shown(of, id))[URN]).toEqual({ door: { keys }, doors: [{ keys }] });
    expect(await found(of, `${URN}:doors.keys eq "l"`)).toBe(1);
    expect(await found(of, `${URN}:doors.n pr`)).toBe(0);
  });

  it('brings back no value under a name that is spelled otherwise, or of another number of values', async () => {
    const { of, register, replace, remove } = await tenant();
    await register([{ name: 'n' }, { name: 'one' }, { name: 'some', multiValued: true }]);
    const id = await user(of, { n: 'abc', one: 'a', some: ['a'] });
    await without(of, id, URN);
    await replace([{ name: 'N' }, { name: 'one', multiValued: true }, { name: 'some' }]);
    expect((await refused(of, id)).status).toBe(200);
    const back = await shown(of, id);
    expect(back.schemas).toEqual([USER]);
    expect(back).not.toHaveProperty([URN]);
    await remove();
  });

  it('brings a deleted user back without the values of a schema that is another by now', async () => {
    const { of, register, remove } = await tenant();
    await register([{ name: 'n' }]);
    await register([{ name: 'place' }], DESK);
    const id = await of.user('ada', { schemas: [USER, URN, DESK], [URN]: { n: 'abc' }, [DESK]: { place: 'window' } });
    await of.scim('DELETE', `/Users/${id}`);
    await remove('?data=delete');
    await register([many('n', { name: 'value', type: 'integer' }), { name: 'r', required: true }]);
    expect((await refused(of, id)).status).toBe(200);
    const back = await shown(of, id);
    expect(back).toMatchObject({ id, schemas: [USER, DESK], [DESK]: { place: 'window' } });
    expect(back).not.toHaveProperty([URN]);
    await remove();
  });

  it('brings back what only the server, or nobody, may change or see', async () => {
    const { of, register, replace } = await tenant();
    await register([{ name: 'n' }, complex('door', { name: 'a' }, { name: 'b' }), { name: 'pin', returned: 'never' }]);
    const id = await user(of, { n: 'abc', door: { a: '1', b: '2' }, pin: '1234' });
    await of.scim('DELETE', `/Users/${id}`);
    const door = complex('door', { name: 'a', mutability: 'readOnly' }, { name: 'b', mutability: 'immutable' });
    await replace([{ name: 'n', mutability: 'readOnly' }, door, { name: 'pin' }]);
    expect((await refused(of, id)).status).toBe(200);
    expect((await shown(of, id))[URN]).toEqual({ n: 'abc', door: { a: '1', b: '2' }, pin: '1234' });
  });

  it.each<[string, object[], object[], string, string]>([
    ['attribute', [], [{ name: 'r', required: true }], '', `${URN}:r`],
    [
      'sub-attribute',
      [many('doors', { name: 'a' })],
      [many('doors', { name: 'a' }, { name: 'r', required: true })],
      '',
      `${URN}:doors.r`,
    ],
    ['extension', [], [], '?extends=User&required=true', URN],
  ])('is no way around a required %s', async (_, before, after, query, path) => {
    const { of, register, replace } = await tenant();
    const n = { name: 'n' };
    await register([n, ...before]);
    const isCarried = query === '';
    const id = isCarried
      ? await user(of, { n: 'abc', ...(before.length > 0 ? { doors: [{ a: '1' }] } : {}) })
      : await of.user('ada');
    await of.scim('DELETE', `/Users/${id}`);
    await replace([n, ...after], query);
    const { status, body } = await refused(of, id);
    expect([status, body.detail]).toEqual([409, expect.stringContaining(`"${path}"`)]);
    expect(body.detail).toContain('replace the schema by one that');
    expect((await of.scim('GET', `/Users/${id}`)).status).toBe(404);
    expect(await of.lastOf(id)).toMatchObject({ status: 'open' });
    await replace([n, ...before], isCarried ? '' : '?extends=User');
    expect((await refused(of, id)).status).toBe(200);
  });

  it('is no way around the length of what is unique', async () => {
    const { of, register, replace } = await tenant();
    await register([{ name: 'n' }]);
    const id = await user(of, { n: 'x'.repeat(5000) });
    await without(of, id, `${URN}:n`);
    await replace([{ name: 'n', uniqueness: 'server' }]);
    const { status, body } = await refused(of, id);
    expect([status, body.detail]).toEqual([409, expect.stringContaining(`${URN}:n has 5000 characters`)]);
  });

  it('brings back what the tolerances of its profile let in', async () => {
    const of = await bridgeOf(app);
    const id = await of.user('ada', { profileUrl: 'my page', addresses: [{ country: 'Germany' }] });
    const before = await shown(of, id);
    expect(before).toMatchObject({ profileUrl: 'my page', addresses: [{ country: 'Germany' }] });
    await of.scim('DELETE', `/Users/${id}`);
    expect((await refused(of, id)).status).toBe(200);
    const { meta: _, ...rest } = before;
    expect(await shown(of, id)).toMatchObject(rest);
  });
});
