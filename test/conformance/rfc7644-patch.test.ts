import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/schema/json.ts';
import { PATCH_OP, SEARCH_REQUEST, USER_SCHEMA } from '../../src/schema/urns.ts';
import { shows } from '../support/conformance.ts';
import { expectError, scimServer } from '../support/scim.ts';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const WORK = { value: 'a@work.example', type: 'work', primary: true };
const HOME = { value: 'a@home.example', type: 'home' };
const server = scimServer();

/** A user with these attributes, what a PATCH makes of it, and whether it is as it was. */
async function withUser(grade: 'lenient' | 'strict', more: JsonObject = {}) {
  const at = await server.tenant({ grade });
  const user = await at.user('ann', more);
  const one = `/Users/${user.id}`;
  return {
    at,
    user,
    one,
    send: (body: unknown) => at.request('PATCH', one, body),
    apply: async (...operations: JsonObject[]) => {
      const answer = await at.patch(one, ...operations);
      expect(answer.status, answer.text).toBe(200);
      expect((await at.request('GET', one)).body).toEqual(answer.body);
      return answer.body;
    },
    refused: async (status: number, scimType: string, ...operations: JsonObject[]) => {
      const answer = await at.patch(one, ...operations);
      expectError(answer, status, scimType);
      expect((await at.request('GET', one)).body).toEqual(user);
      return answer;
    },
  };
}

describe.each(['lenient', 'strict'] as const)('PATCH where the grade is %s', (grade) => {
  it('needs to be a PatchOp message', shows('7644-3.5.2-1', '7644-3.5.2-2', '7644-3.5.2-3'), async () => {
    const { send, at, one, user } = await withUser(grade);
    const Operations = [{ op: 'add', path: 'title', value: 'x' }];
    for (const body of [
      ...(grade === 'strict' ? [{ Operations }] : []),
      { schemas: [], Operations },
      { schemas: [SEARCH_REQUEST], Operations },
      { schemas: [PATCH_OP] },
      { schemas: [PATCH_OP], Operations: [] },
      { schemas: [PATCH_OP], Operations: Operations[0] },
      { schemas: [PATCH_OP], Operations: [{ path: 'title', value: 'x' }] },
      { schemas: [PATCH_OP], Operations: [{ op: 'test', path: 'title', value: 'x' }] },
    ]) {
      expectError(await send(body), 400, 'invalidSyntax');
    }
    expect((await at.request('GET', one)).body).toEqual(user);
  });

  it('takes an add and a replace without a path, and no remove', shows('7644-3.5.2-4', '7644-3.5.2-5'), async () => {
    const { apply, refused } = await withUser(grade);
    await refused(400, 'noTarget', { op: 'remove' });
    await refused(400, 'noTarget', { op: 'remove', value: { title: 'x' } });
    const added = await apply({ op: 'add', value: { title: 'Dr', name: { givenName: 'Ann' } } });
    expect(added).toMatchObject({ title: 'Dr', name: { givenName: 'Ann' } });
    expect(await apply({ op: 'replace', value: { title: 'Prof' } })).toMatchObject({
      title: 'Prof',
      name: { givenName: 'Ann' },
    });
  });

  it(
    'refuses what goes against mutability or schema',
    shows('7644-3.5.2-6', '7644-3.5.2-8', '7644-3.5.2-15'),
    async () => {
      const { refused } = await withUser(grade);
      await refused(400, 'mutability', { op: 'replace', path: 'id', value: 'x' });
      await refused(400, 'mutability', { op: 'add', path: 'groups', value: [{ value: 'x' }] });
      await refused(400, 'mutability', { op: 'remove', path: 'meta' });
      await refused(400, 'invalidPath', { op: 'add', path: 'shoeSize', value: 5 });
      const answer = await refused(400, 'invalidValue', { op: 'add', path: 'active', value: 'perhaps' });
      expect(answer.body.detail).toContain('active');
    },
  );

  it(
    'names extensions that the resource lacks so far, which changes its schemas',
    shows('7644-3.5.2-9', '7644-3.5.2-11', '7644-3.5.2-10'),
    async () => {
      const { apply } = await withUser(grade);
      const path = `${ENTERPRISE}:department`;
      const added = await apply(
        { op: 'replace', path: 'schemas', value: [USER_SCHEMA] },
        { op: 'add', path, value: 'x' },
      );
      expect(added).toMatchObject({ schemas: [USER_SCHEMA, ENTERPRISE], [ENTERPRISE]: { department: 'x' } });
      expect((await apply({ op: 'remove', path })).schemas).toEqual([USER_SCHEMA]);
    },
  );

  it('hands primary over', shows('7644-3.5.2-12'), async () => {
    const { apply } = await withUser(grade, { emails: [WORK, HOME] });
    const primaries = ({ emails }: JsonObject) =>
      (emails as JsonObject[]).filter(({ primary }) => primary === true).map(({ value }) => value);
    const path = 'emails[type eq "home"].primary';
    expect(primaries(await apply({ op: 'replace', path, value: true }))).toEqual([HOME.value]);
    const value = [{ value: 'new@example.com', primary: true }];
    expect(primaries(await apply({ op: 'add', path: 'emails', value }))).toEqual(['new@example.com']);
    const replaced = { op: 'replace', path: 'emails[type eq "work"]', value: WORK };
    expect(primaries(await apply(replaced))).toEqual([WORK.value]);
  });

  it(
    'carries out all operations in their order, or none',
    shows('7644-3.5.2-13', '7644-3.5.2-14', '7644-3.5.2-15'),
    async () => {
      const { at, apply, refused } = await withUser(grade, { emails: [WORK] });
      const title = { op: 'replace', path: 'title', value: 'first' };
      for (const [scimType, bad] of [
        ['mutability', { op: 'remove', path: 'userName' }],
        ['invalidValue', { op: 'replace', path: 'active', value: 'perhaps' }],
        ['invalidPath', { op: 'add', path: 'shoeSize', value: 5 }],
      ] as const) {
        await refused(400, scimType, title, { op: 'remove', path: 'emails' }, bad, { ...title, value: 'last' });
      }
      await at.user('taken');
      await refused(409, 'uniqueness', title, { op: 'replace', path: 'userName', value: 'TAKEN' });
      expect(await apply(title, { ...title, value: 'last' })).toMatchObject({ title: 'last' });
    },
  );

  it('leaves the members of a group alone when another operation fails', shows('7644-3.5.2-14'), async () => {
    const { at, user } = await withUser(grade);
    const group = await at.group('staff');
    const one = `/Groups/${group.id}`;
    const add = { op: 'add', path: 'members', value: [{ value: String(user.id) }] };
    expectError(await at.patch(one, add, { op: 'remove', path: 'displayName' }), 400, 'mutability');
    expect((await at.request('GET', one)).body).toEqual(group);
  });

  it('answers 200 with the resource, as attributes ask for it', shows('7644-3.5.2-16', '7644-3.5.2-17'), async () => {
    const { at, one, user, apply } = await withUser(grade);
    expect(await apply({ op: 'add', path: 'title', value: 'Dr' })).toMatchObject({ userName: 'ann', title: 'Dr' });
    const shown = await at.patch(`${one}?attributes=title`, { op: 'add', path: 'title', value: 'Prof' });
    expect(shown.status).toBe(200);
    expect(shown.body).toEqual({ schemas: [USER_SCHEMA], id: user.id, title: 'Prof' });
  });

  describe('add', () => {
    it('needs a value', shows('7644-3.5.2.1-1'), async () => {
      const { refused } = await withUser(grade);
      await refused(400, 'invalidSyntax', { op: 'add', path: 'title' });
    });

    it('sets the sub-attributes of a complex attribute', shows('7644-3.5.2.1-2'), async () => {
      const { apply, refused } = await withUser(grade, { name: { givenName: 'Ann' } });
      await refused(400, 'invalidValue', { op: 'add', path: 'name', value: 'Ann Lee' });
      const { name } = await apply({ op: 'add', path: 'name', value: { familyName: 'Lee' } });
      expect(name).toEqual({ givenName: 'Ann', familyName: 'Lee' });
    });

    it(
      'of what is there changes nothing, nor when it was changed',
      shows('7644-3.5.2.1-3', '7644-3.5.2.1-4'),
      async () => {
        const { apply, user } = await withUser(grade, { title: 'Dr', emails: [WORK] });
        const operations = [
          { op: 'add', path: 'title', value: 'Dr' },
          { op: 'add', path: 'emails', value: [WORK] },
          { op: 'add', value: { emails: [WORK] } },
        ];
        for (const operation of operations) expect(await apply(operation)).toEqual(user);
        expect(await apply(...operations)).toEqual(user);
      },
    );
  });

  describe('remove', () => {
    it(
      'unassigns what it leaves without a value',
      shows('7644-3.5.2.2-1', '7644-3.5.2.2-2', '7644-3.5.2.2-3', '7644-3.5.2.2-4'),
      async () => {
        const { at, apply } = await withUser(grade, {
          title: 'Dr',
          name: { givenName: 'Ann' },
          emails: [WORK, HOME],
          phoneNumbers: [{ value: '1' }],
          ims: [{ value: 'ann', display: 'Ann', type: 'xmpp' }],
        });
        expect(await apply({ op: 'remove', path: 'title' })).not.toHaveProperty('title');
        expect(await apply({ op: 'remove', path: 'name.givenName' })).not.toHaveProperty('name');
        expect(await apply({ op: 'remove', path: 'phoneNumbers' })).not.toHaveProperty('phoneNumbers');
        const filtered = { op: 'remove', path: 'emails[type eq "work" and value ew "example"]' };
        expect((await apply(filtered)).emails).toEqual([HOME]);
        expect(await apply({ op: 'remove', path: `emails[value eq "${HOME.value}"]` })).not.toHaveProperty('emails');
        const part = { op: 'remove', path: 'ims[type eq "xmpp"].display' };
        expect((await apply(part)).ims).toEqual([{ value: 'ann', type: 'xmpp' }]);
        expect(
          await at.find('/Users', 'title pr or name pr or emails pr or phoneNumbers pr or ims.display pr'),
        ).toEqual([]);
      },
    );

    it('refuses what is required or readOnly', shows('7644-3.5.2.2-5'), async () => {
      const { refused } = await withUser(grade);
      for (const path of ['userName', 'schemas', 'id', 'meta', 'groups']) {
        await refused(400, 'mutability', { op: 'remove', path });
      }
    });
  });

  describe('replace', () => {
    it('without a path needs an object, and leaves the rest', shows('7644-3.5.2.3-1'), async () => {
      const { refused, apply } = await withUser(grade, { title: 'Dr', emails: [WORK, HOME] });
      await refused(400, 'invalidValue', { op: 'replace', value: 'Dr' });
      const replaced = await apply({ op: 'replace', value: { emails: [HOME], nickName: 'A' } });
      expect(replaced).toMatchObject({ title: 'Dr', emails: [HOME], nickName: 'A' });
    });

    it('of what is not there adds it', shows('7644-3.5.2.3-2'), async () => {
      const { apply } = await withUser(grade);
      expect(await apply({ op: 'replace', path: 'title', value: 'Dr' })).toMatchObject({ title: 'Dr' });
      expect(await apply({ op: 'replace', path: 'emails', value: [HOME] })).toMatchObject({ emails: [HOME] });
    });

    it('of a complex attribute keeps sub-attributes that it does not name', shows('7644-3.5.2.3-3'), async () => {
      const { apply } = await withUser(grade, { name: { givenName: 'Ann', familyName: 'Lee' } });
      const { name } = await apply({ op: 'replace', path: 'name', value: { familyName: 'Day', middleName: 'M' } });
      expect(name).toEqual({ givenName: 'Ann', familyName: 'Day', middleName: 'M' });
    });

    it('is of all values that its filter selects', shows('7644-3.5.2.3-4'), async () => {
      const addresses = [
        { type: 'work', locality: 'A', region: 'R' },
        { type: 'work', locality: 'B' },
        { type: 'home', locality: 'C' },
      ];
      const { apply } = await withUser(grade, { addresses });
      const path = 'addresses[type eq "work"].locality';
      expect((await apply({ op: 'replace', path, value: 'D' })).addresses).toEqual([
        { type: 'work', locality: 'D', region: 'R' },
        { type: 'work', locality: 'D' },
        { type: 'home', locality: 'C' },
      ]);
      const value = { type: 'other', locality: 'E' };
      expect((await apply({ op: 'replace', path: 'addresses[type eq "work"]', value })).addresses).toEqual([
        // Two of the same are one (RFC 7643 §2.4).
        value,
        { type: 'home', locality: 'C' },
      ]);
    });
  });
});

it(
  'A replace whose filter selects nothing makes the value where that is tolerated, else it is noTarget',
  shows('7644-3.5.2.3-5'),
  async () => {
    const operation = { op: 'replace', path: 'emails[type eq "home"].value', value: HOME.value };
    const { apply } = await withUser('lenient', { emails: [WORK] });
    expect((await apply(operation)).emails).toEqual([WORK, HOME]);
    const { refused } = await withUser('strict', { emails: [WORK] });
    await refused(400, 'noTarget', operation);
    await refused(400, 'noTarget', { ...operation, path: 'emails[type eq "home"]', value: HOME });
  },
);

it('Operations are named in any letter case where that is tolerated', shows('7644-3.5.2-3'), async () => {
  const operation = { op: 'Add', path: 'title', value: 'Dr' };
  const { apply } = await withUser('lenient');
  expect(await apply(operation)).toMatchObject({ title: 'Dr' });
  const { refused } = await withUser('strict');
  await refused(400, 'invalidSyntax', operation);
});
