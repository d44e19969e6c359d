import { describe, expect, it } from 'vitest';
import { ALL_QUIRKS, NO_QUIRKS, type Quirk } from '../../src/protocol/quirks/quirks.ts';
import { readResource } from '../../src/protocol/read-resource.ts';
import type { JsonObject, JsonValue } from '../../src/schema/json.ts';
import { GROUP_TYPE } from '../../src/schema/resource-types.ts';
import { ENTERPRISE_USER_SCHEMA as ENTERPRISE, GROUP_SCHEMA, USER_SCHEMA as USER } from '../../src/schema/urns.ts';
import { shows } from '../support/conformance.ts';
import { PLAIN_USER, ROLE_SHAPES, userWithRoles } from '../support/dialects.ts';
import { inherited } from '../support/inherited.ts';
import { refusalOf, refused } from '../support/refusal.ts';

const user = (more: JsonObject = {}): JsonObject => ({ schemas: [USER], userName: 'jdoe', ...more });
const strict = (body: unknown, type = PLAIN_USER) => readResource(type, body, NO_QUIRKS);
const lenient = (body: unknown, type = PLAIN_USER) => readResource(type, body, ALL_QUIRKS);

describe('a body', () => {
  it.each<[unknown]>([[undefined], [null], ['user'], [5], [[]], [[user()]]])('%j is no resource', (body) => {
    expect(refusalOf(() => lenient(body))).toBe('400 invalidSyntax');
  });

  it('becomes a document with schemas first and externalId next, in canonical spelling', shows('7643-2.1-3'), () => {
    const { document } = strict({
      NAME: { GivenName: 'J' },
      USERNAME: 'JDoe',
      ExternalId: 'E1',
      Schemas: [USER.toUpperCase()],
    });
    expect(Object.keys(document).slice(0, 2)).toEqual(['schemas', 'externalId']);
    expect(document).toEqual({
      schemas: [USER],
      externalId: 'E1',
      userName: 'JDoe',
      name: { givenName: 'J' },
      active: true,
    });
  });

  it('keeps values as they were sent (tolerance 37)', shows('7643-2.3.1-2', '7643-4.1.1-7'), () => {
    const free = {
      locale: 'en_US!',
      timezone: 'Mars/Base',
      preferredLanguage: '??',
      nickName: ' J ',
    };
    const phoneNumbers = [{ value: '+1 (0) 5x', type: 'desk' }];
    expect(strict(user({ ...free, phoneNumbers })).document).toMatchObject({ ...free, phoneNumbers });
    expect(lenient(user({ profileUrl: 'no url' })).document).toMatchObject({ profileUrl: 'no url' });
    expect(refusalOf(() => strict(user({ profileUrl: 'no url' })))).toBe('400 invalidValue');
  });

  it('keeps two values of one type (tolerance 38)', shows('7643-2.4-8'), () => {
    const emails = [
      { value: 'a@h', type: 'work', primary: true },
      { value: 'b@h', type: 'work' },
    ];
    expect(strict(user({ emails })).document.emails).toEqual(emails);
  });
});

describe('schemas (RFC 7643 §3)', () => {
  it.each<[string, JsonValue | undefined]>([
    ['are missing', undefined],
    ['are null', null],
    ['are empty', []],
    ['name no resource type', [ENTERPRISE]],
    ['name another type', [GROUP_SCHEMA]],
    ['hold something else than strings', [USER, 5]],
    ['are an object', {}],
  ])('are refused when they %s', shows('7643-2.1-1', '7643-3.3-1'), (_, schemas) => {
    const { schemas: __, ...rest } = user();
    const body = schemas === undefined ? rest : { ...rest, schemas };
    expect(refusalOf(() => lenient(body))).toBe('400 invalidSyntax');
    expect(refusalOf(() => strict(body))).toBe('400 invalidSyntax');
  });

  it('follow from the attributes, not from what was sent', shows('7643-3-3', '7643-3-4'), () => {
    expect(strict(user({ schemas: [USER, ENTERPRISE, USER] })).document.schemas).toEqual([USER]);
    const body = user({ schemas: [ENTERPRISE, USER], [ENTERPRISE]: { department: 'D' } });
    expect(strict(body).document.schemas).toEqual([USER, ENTERPRISE]);
    expect(strict({ ...body, [ENTERPRISE]: { department: null } }).document).not.toHaveProperty(ENTERPRISE);
  });

  it('may name what is unknown, where that is tolerated (tolerance 9)', shows('7643-3-2'), () => {
    const unknown = [
      'urn:scim:schemas:core:1.0',
      'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/User',
    ];
    expect(lenient(user({ schemas: [...unknown, USER] })).document.schemas).toEqual([USER]);
    expect(refusalOf(() => strict(user({ schemas: [USER, ...unknown] })))).toBe('400 invalidSyntax');
  });

  it('may lack an extension that is used, where that is tolerated (tolerance 10)', () => {
    const body = user({ [ENTERPRISE.toUpperCase()]: { DEPARTMENT: 'D' } });
    expect(lenient(body).document).toMatchObject({ schemas: [USER, ENTERPRISE], [ENTERPRISE]: { department: 'D' } });
    expect(refusalOf(() => strict(body))).toBe('400 invalidSyntax');
    expect(strict(user({ [ENTERPRISE]: null })).document).not.toHaveProperty(ENTERPRISE);
  });

  it('may be one string, where that is tolerated', () => {
    expect(lenient(user({ schemas: USER })).document.schemas).toEqual([USER]);
    expect(refusalOf(() => strict(user({ schemas: USER })))).toBe('400 invalidSyntax');
  });
});

describe('readOnly attributes (RFC 7644 §3.3)', () => {
  it('are dropped before anything is validated, by the letter too', shows('7643-3.1-8', '7643-3.1-15'), () => {
    const body = user({ id: 5, ID: {}, groups: 'nonsense', meta: [{ created: 'never' }] });
    expect(strict(body).document).toEqual({ schemas: [USER], userName: 'jdoe', active: true });
  });

  it('are dropped inside complex attributes', shows('7643-4.3-2', '7643-7-10'), () => {
    const manager = { value: 'm1', displayName: 'M' };
    const body = user({ schemas: [USER, ENTERPRISE], [ENTERPRISE]: { manager } });
    expect(strict(body).document[ENTERPRISE]).toEqual({ manager: { value: 'm1' } });
  });
});

describe('what is not named', () => {
  it('gets its default, and an explicit null or [] clears it (RFC 7644 §3.3)', shows('7643-2.5-2'), () => {
    expect(strict(user()).document.active).toBe(true);
    expect(strict(user({ active: false })).document.active).toBe(false);
    expect(strict(user({ active: null })).document).not.toHaveProperty('active');
    expect(strict(user({ active: [] })).document).not.toHaveProperty('active');
    expect(lenient(user({ active: '' })).document).not.toHaveProperty('active');
  });

  it('must be named when it is required', shows('7643-4.1.1-1'), () => {
    for (const body of [{ schemas: [USER] }, user({ userName: null }), user({ userName: [] })]) {
      expect(refusalOf(() => strict(body))).toBe('400 invalidValue');
    }
    expect(refusalOf(() => lenient(user({ userName: '' })))).toBe('400 invalidValue');
  });

  it('is unassigned alike with null, [] and "" (tolerance 7)', shows('7643-2.5-1'), () => {
    const { document } = lenient(user());
    for (const empty of [null, [], '']) {
      const body: JsonObject = { name: empty, title: empty, emails: empty, addresses: empty, externalId: empty };
      body[ENTERPRISE] = Array.isArray(empty) ? {} : empty;
      expect(lenient(user(body)).document).toEqual(document);
    }
  });
});

describe('unknown attributes', () => {
  it.each(['nothing', 'members', 'manager.value', 'constructor', 'toString', 'hasOwnProperty', `${USER}:title`])(
    '%s is ignored where that is tolerated, else invalidSyntax',
    (key) => {
      expect(lenient(user({ [key]: 'x' })).document).toEqual(lenient(user()).document);
      expect(refusalOf(() => strict(user({ [key]: 'x' })))).toBe('400 invalidSyntax');
    },
  );

  it('are found inside extensions too', () => {
    const body = user({ schemas: [USER, ENTERPRISE], [ENTERPRISE]: { department: 'D', userName: 'x', nothing: 1 } });
    expect(lenient(body).document[ENTERPRISE]).toEqual({ department: 'D' });
    expect(refused(() => strict(body)).detail).toContain(`${ENTERPRISE}:userName`);
  });

  it('reach no prototype', () => {
    const body = JSON.parse(
      `{"schemas":["${USER}"],"userName":"a","__proto__":{"polluted":1},"name":{"__proto__":{"polluted":1}}}`,
    );
    expect(lenient(body).document).toEqual({ schemas: [USER], userName: 'a', active: true });
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
    expect(inherited(lenient(body).document)).toEqual([]);
  });

  it('are no extension: an object is needed there', () => {
    expect(refusalOf(() => lenient(user({ [ENTERPRISE]: 'x' })))).toBe('400 invalidValue');
    expect(refusalOf(() => lenient(user({ [ENTERPRISE]: [{}] })))).toBe('400 invalidValue');
  });
});

describe('attributes of extensions without their URN', () => {
  const both = (more: JsonObject) => user({ schemas: [USER, ENTERPRISE], ...more });

  it('are read where that is tolerated, in any letter case and in the container of the core too', () => {
    const given: JsonObject = { Department: 'D', manager: { value: '26', displayName: 'readOnly' } };
    const expected = { department: 'D', manager: { value: '26' } };
    const { document, named } = lenient(both(given));
    expect(document[ENTERPRISE]).toEqual(expected);
    expect([...named()]).toEqual(
      expect.arrayContaining([`${ENTERPRISE}:department`, `${ENTERPRISE}:manager`, `${ENTERPRISE}:manager.value`]),
    );
    expect(lenient(user({ [USER]: given })).document[ENTERPRISE]).toEqual(expected);
    expect(refusalOf(() => strict(both(given)))).toBe('400 invalidSyntax');
  });

  it('yield to what is sent under the URN, be it null, on whichever side that stands', () => {
    const under: JsonObject = { [ENTERPRISE]: { department: 'under', division: null } };
    const beside: JsonObject = { department: 'beside', division: 'beside', costCenter: 'beside' };
    for (const body of [both({ ...under, ...beside }), both({ ...beside, ...under })]) {
      expect(lenient(body).document[ENTERPRISE]).toEqual({ department: 'under', costCenter: 'beside' });
    }
  });

  it('are told from what schemas has to name, and watched', () => {
    const took: string[] = [];
    const quirks = (...without: string[]) => ({
      has: (quirk: string) => ALL_QUIRKS.has(quirk as Quirk) && !without.includes(quirk),
      took: (quirk: string, path?: string) => took.push(`${quirk} ${path}`),
    });
    readResource(PLAIN_USER, user({ department: 'D' }), quirks());
    expect(took).toEqual([`unqualifiedExtension ${ENTERPRISE}:department`, `undeclaredExtension ${ENTERPRISE}`]);
    const undeclared = () => readResource(PLAIN_USER, user({ department: 'D' }), quirks('undeclaredExtension'));
    expect(refused(undeclared).detail).toContain(`${ENTERPRISE}; name that URN in schemas too`);
    const without = readResource(PLAIN_USER, user({ department: 'D' }), quirks('unqualifiedExtension'));
    expect(without.document).not.toHaveProperty(ENTERPRISE);
  });
});

describe('password', () => {
  it('is handed on beside the document and never in it', () => {
    const read = strict(user({ password: 'Secret 1' }));
    expect(read.password).toBe('Secret 1');
    expect(JSON.stringify(read.document)).not.toContain('Secret');
  });

  it('is none when null, empty or left out', () => {
    expect(strict(user()).password).toBeUndefined();
    expect(strict(user({ password: null })).password).toBeNull();
    expect(lenient(user({ password: '' })).password).toBeNull();
  });
});

describe('members', () => {
  it('are handed on beside the document and never in it', () => {
    const read = strict(
      { schemas: [GROUP_SCHEMA], displayName: 'G', members: [{ value: 'a', display: 'A' }] },
      GROUP_TYPE,
    );
    expect(read.members).toEqual([{ value: 'a' }]);
    expect(read.document).toEqual({ schemas: [GROUP_SCHEMA], displayName: 'G' });
  });

  it('are none when left out, null or [] (tolerance 13)', () => {
    for (const more of [{}, { members: null }, { members: [] }]) {
      expect(strict({ schemas: [GROUP_SCHEMA], displayName: 'G', ...more }, GROUP_TYPE).members).toEqual([]);
    }
  });

  it('are not asked of a type that has none', () => {
    expect(strict(user()).members).toBeUndefined();
  });
});

describe.each(ROLE_SHAPES)('named roles, shown as %s', (shape) => {
  const type = userWithRoles(shape);
  const rolesOf = (more: JsonObject, read = lenient) => {
    const { roles } = read(user(more), type).document;
    if (!Array.isArray(roles))
      return Object.entries(roles as JsonObject).flatMap(([name, held]) => (held ? [name] : []));
    return roles.map((role) => (typeof role === 'string' ? role : (role as JsonObject).value));
  };

  it.each<[string, JsonObject, string[]]>([
    ['left out: the defaults', {}, ['member']],
    ['an object: what it leaves out is false', { roles: { admin: true } }, ['admin']],
    ['an empty object', { roles: {} }, []],
    ['null', { roles: null }, []],
    ['an empty list', { roles: [] }, []],
    ['the RFC array', { roles: [{ value: 'editor', primary: true }, { value: 'admin' }] }, ['admin', 'editor']],
    ['names', { roles: ['member', 'admin'] }, ['admin', 'member']],
    ['JSON text', { roles: [{ value: '{"id":"1","value":"admin"}' }] }, ['admin']],
    ['texts for booleans', { roles: { admin: 'True', member: 'False' } }, ['admin']],
    ['another spelling', { ROLES: { ADMIN: true } }, ['admin']],
  ])('%s', (_, more, held) => {
    expect(rolesOf(more)).toEqual(held);
    expect(rolesOf(more, strict)).toEqual(held);
  });

  it('are stored in the shape in which they are shown', () => {
    const stored = {
      object: { admin: true, member: false, editor: false },
      names: ['admin'],
      rfc: [{ value: 'admin' }],
    };
    expect(lenient(user({ roles: ['admin'] }), type).document.roles).toEqual(stored[shape]);
  });

  it('are refused when unknown, as refused input', () => {
    for (const roles of [{ owner: true }, ['owner'], { admin: 'maybe' }] as JsonValue[]) {
      expect(refused(() => lenient(user({ roles }), type))).toMatchObject({
        scimType: 'invalidValue',
        refusedInput: true,
      });
    }
  });
});
