import { beforeAll, describe, expect, it } from 'vitest';
import { GRADES } from '../../src/profiles/profile.ts';
import { LIST_RESPONSE, SEARCH_REQUEST } from '../../src/schema/urns.ts';
import { shows } from '../support/conformance.ts';
import { type Conversation, expectError, resourcesIn, scimServer } from '../support/scim.ts';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const CORE = 'urn:ietf:params:scim:schemas:core:2.0:User';
const server = scimServer();

describe.each(GRADES)('searches where the grade is %s', (grade) => {
  let at: Conversation;
  const names = async (parameters: Record<string, string>, path = '/Users') =>
    resourcesIn(await at.list(path, parameters)).map(({ userName, displayName }) => userName ?? displayName);

  beforeAll(async () => {
    at = await server.tenant({ grade });
    const ann = await at.user('ann', {
      title: 'Clerk',
      active: false,
      externalId: 'X1',
      name: { givenName: 'Ann' },
      emails: [
        { value: 'z@work.example', type: 'work' },
        { value: 'a@home.example', type: 'home', primary: true },
      ],
    });
    await at.user('Bob', { title: 'boss', emails: [{ value: 'b@work.example', type: 'home' }] });
    await at.user('cy', {
      schemas: [CORE, ENTERPRISE],
      [ENTERPRISE]: { department: 'Sales' },
      x509Certificates: [{ value: 'aGk=' }],
    });
    await at.group('Makers', [ann.id]);
  });

  it(
    'are answered as lists',
    shows('7644-3.4.2-3', '7644-3.4.2-4', '7644-3.4.2-5', '7644-3.4.2-6', '7644-3.4.2-7'),
    async () => {
      const page = await at.list('/Users', { startIndex: '2', count: '1' });
      expect(page.status).toBe(200);
      const { Resources, ...rest } = page.body;
      expect(rest).toEqual({ schemas: [LIST_RESPONSE], totalResults: 3, startIndex: 2, itemsPerPage: 1 });
      expect(Resources).toHaveLength(1);
    },
  );

  it('find nothing with 200', shows('7644-3.4.2-8'), async () => {
    const none = await at.list('/Users', { filter: 'userName eq "nobody"' });
    expect(none.status).toBe(200);
    expect(none.body).toMatchObject({ schemas: [LIST_RESPONSE], totalResults: 0 });
  });

  it(
    'go to one type or, at the base URI, over all',
    shows('7644-3.4.2-1', '7644-3.4.2.1-1', '7644-3.4.2.1-2', '7644-3.4.2.1-5', '7644-3.4.2.1-4'),
    async () => {
      expect(await names({}, '')).toEqual(['ann', 'Bob', 'cy', 'Makers']);
      expect(await at.find('', 'meta.resourceType eq "Group"')).toEqual(['Makers']);
      expect(await at.find('', 'userName pr')).toEqual(['ann', 'Bob', 'cy']);
      expect(await at.find('', 'not (userName eq "ann")')).toEqual(['Bob', 'cy', 'Makers']);
      expect(await at.find('', 'title sw "c" or members pr')).toEqual(['ann', 'Makers']);
      expectError(await at.list('', { filter: 'shoeSize pr' }), 400, 'invalidFilter');
    },
  );

  it.each([
    ['userName eq "ann"', ['ann']],
    ['userName ne "ann"', ['Bob', 'cy']],
    ['userName co "O"', ['Bob']],
    ['userName sw "b"', ['Bob']],
    ['userName ew "N"', ['ann']],
    ['title pr', ['ann', 'Bob']],
    ['userName gt "ann"', ['Bob', 'cy']],
    ['userName ge "bob"', ['Bob', 'cy']],
    ['userName lt "bob"', ['ann']],
    ['userName le "BOB"', ['ann', 'Bob']],
    ['meta.created gt "2020-01-01T00:00:00+14:00" and meta.created lt "2999-01-01T00:00:00Z"', ['ann', 'Bob', 'cy']],
    [`schemas eq "${ENTERPRISE}"`, ['cy']],
    [`${CORE}:userName eq "cy"`, ['cy']],
    [`${ENTERPRISE}:department eq "sales"`, ['cy']],
  ])(
    'select by %s',
    shows('7644-3.4.2.2-1', '7644-3.4.2.2-2', '7644-3.4.2.2-15', '7644-3.10-1'),
    async (filter, found) => {
      expect(await at.find('/Users', filter)).toEqual(found);
    },
  );

  it('read names and operators in any letter case', shows('7644-3.10-1'), async () => {
    expect(await at.find('/Users', `USERNAME Eq "ann" OR ${CORE.toUpperCase()}:Name.GIVENNAME pR`)).toEqual(['ann']);
  });

  it.each(['', ' ', '()', 'and', 'userName', 'userName eq', 'eq "ann"', 'userName eq "ann" and', '(userName pr'])(
    'refuse %j, which is no filter',
    shows('7644-3.4.2.2-3', '7644-3.4.2.2-4', '7644-3.4.2.2-9'),
    async (filter) => {
      expectError(await at.list('/Users', { filter }), 400, 'invalidFilter');
    },
  );

  it.each(['gt', 'ge', 'lt', 'le'])(
    'refuse %s on Boolean and Binary attributes',
    shows('7644-3.4.2.2-5'),
    async (operator) => {
      for (const filter of [`active ${operator} true`, `x509Certificates.value ${operator} "aGk="`]) {
        expectError(await at.list('/Users', { filter }), 400, 'invalidFilter');
      }
      expect(await at.find('/Users', 'x509Certificates.value eq "aGk="')).toEqual(['cy']);
    },
  );

  it('bind as the errata say', shows('7644-3.4.2.2-6', '7644-3.4.2.2-10', '7644-3.4.2.2-9'), async () => {
    const [a, b, c] = ['userName eq "ann"', 'userName eq "bob"', 'title pr'];
    expect(await at.find('/Users', `${a} or ${b} and not (${c})`)).toEqual(['ann']);
    expect(await at.find('/Users', `(${a} or ${b}) and ${c}`)).toEqual(['ann', 'Bob']);
    expect(await at.find('/Users', `not (${a}) and ${c}`)).toEqual(['Bob']);
    expect(await at.find('/Users', `not(${a} and ${c})`)).toEqual(['Bob', 'cy']);
  });

  it(
    'hold all that stands in square brackets against one value',
    shows('7644-3.4.2.2-7', '7644-3.4.2.2-8'),
    async () => {
      expect(await at.find('/Users', 'emails[type eq "home" and value ew "work.example"]')).toEqual(['Bob']);
      expect(await at.find('/Users', 'emails.type eq "home" and emails.value ew "work.example"')).toEqual([
        'ann',
        'Bob',
      ]);
      expect(await at.find('/Users', 'emails[not (type eq "home") or primary eq true]')).toEqual(['ann']);
      for (const filter of ['emails[shoeSize pr]', 'emails[]', 'emails[type]', 'emails[value[type pr]]']) {
        expectError(await at.list('/Users', { filter }), 400, 'invalidFilter');
      }
    },
  );

  it('compare a complex attribute by a sub-attribute', shows('7644-3.4.2.2-11'), async () => {
    expect(await at.find('/Users', 'name.givenName eq "ann"')).toEqual(['ann']);
    expect(await at.find('/Users', 'emails co "home.example"')).toEqual(['ann']);
    expectError(await at.list('/Users', { filter: 'name eq "ann"' }), 400, 'invalidFilter');
  });

  it('compare a default as it was shown', shows('7644-3.4.2.2-12'), async () => {
    expect(await at.find('/Users', 'active eq true')).toEqual(['Bob', 'cy']);
    expect(await at.find('/Users', 'active pr')).toEqual(['ann', 'Bob', 'cy']);
  });

  it('refuse an operator that there is not, and quote it', shows('7644-3.4.2.2-13'), async () => {
    const answer = await at.list('/Users', { filter: 'userName regex "a.*"' });
    expectError(answer, 400, 'invalidFilter');
    expect(answer.body.detail).toContain('regex');
  });

  it('heed letter case where the attribute does', shows('7644-3.4.2.2-14'), async () => {
    expect(await at.find('/Users', 'userName eq "BOB"')).toEqual(['Bob']);
    expect(await at.find('/Users', 'externalId eq "X1"')).toEqual(['ann']);
    expect(await at.find('/Users', 'externalId eq "x1"')).toEqual([]);
  });

  it(
    'sort by an attribute, by its type, ascending unless told',
    shows('7644-3.4.2.3-1', '7644-3.4.2.3-2', '7644-3.4.2.3-3', '7644-3.4.2.3-4'),
    async () => {
      expect(await names({ sortBy: 'userName' })).toEqual(['ann', 'Bob', 'cy']);
      expect(await names({ sortBy: 'userName', sortOrder: 'descending' })).toEqual(['cy', 'Bob', 'ann']);
      expect(await names({ sortBy: 'title' })).toEqual(['Bob', 'ann', 'cy']);
      expect(await names({ sortBy: 'title', sortOrder: 'descending' })).toEqual(['cy', 'ann', 'Bob']);
      // The primary value of ann stands before the first of Bob, her first one behind it.
      expect(await names({ sortBy: 'emails' })).toEqual(['ann', 'Bob', 'cy']);
      expect(await names({ sortBy: 'meta.created' })).toEqual(['ann', 'Bob', 'cy']);
    },
  );

  it('page by index', shows('7644-3.4.2.4-1', '7644-3.4.2.4-2', '7644-3.4.2.4-3', '7644-3.4.2.4-4'), async () => {
    for (const startIndex of ['0', '-7']) {
      expect((await at.list('/Users', { startIndex })).body).toMatchObject({ startIndex: 1, itemsPerPage: 3 });
    }
    for (const count of ['0', '-1']) {
      expect((await at.list('/Users', { count })).body).toMatchObject({ totalResults: 3, Resources: [] });
    }
    expect(await names({ count: '2' })).toEqual(['ann', 'Bob']);
    expect(await names({ count: '2', startIndex: '3' })).toEqual(['cy']);
    expect((await at.list('/Users', { count: '2147483647' })).body).toMatchObject({ itemsPerPage: 3 });
  });

  it(
    'are asked for as messages too',
    shows('7644-3.4.3-1', '7644-3.4.3-2', '7644-3.4.3-3', '7644-3.4.3-4'),
    async () => {
      const message = { schemas: [SEARCH_REQUEST], filter: 'userName pr', sortBy: 'title', startIndex: 1, count: 2 };
      for (const path of ['/Users', '']) {
        const answer = await at.request('POST', `${path}/.search`, { ...message, attributes: ['title'] });
        const same = { filter: 'userName pr', sortBy: 'title', count: '2', attributes: 'title' };
        expect(answer.status).toBe(200);
        expect(answer.body).toEqual((await at.list(path, same)).body);
      }
      const { schemas: _, ...unnamed } = message;
      const other = { ...message, schemas: [LIST_RESPONSE] };
      expectError(await at.request('POST', '/Users/.search', other), 400, 'invalidSyntax');
      const answer = await at.request('POST', '/Users/.search', unnamed);
      if (grade === 'lenient') expect(answer.body).toMatchObject({ totalResults: 3, itemsPerPage: 2 });
      else expectError(answer, 400, 'invalidSyntax');
      const broken = { ...message, filter: 'userName' };
      expectError(await at.request('POST', '/Users/.search', broken), 400, 'invalidFilter');
    },
  );
});

describe('searches that deviate from the grammar', () => {
  it(
    'are understood where that is tolerated, and refused by the letter',
    shows('7644-3.4.2.2-9', '7644-3.10-2'),
    async () => {
      const more = { schemas: [CORE, ENTERPRISE], [ENTERPRISE]: { department: 'Sales' } };
      for (const grade of ['lenient', 'strict'] as const) {
        const at = await server.tenant({ grade });
        await at.user('ann', more);
        for (const filter of ['userName eq ann', 'active eq True', 'department eq "Sales"']) {
          if (grade === 'lenient') expect(await at.find('/Users', filter)).toEqual(['ann']);
          else expectError(await at.list('/Users', { filter }), 400, 'invalidFilter');
        }
      }
    },
  );
});
