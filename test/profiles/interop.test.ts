import { describe, expect, it } from 'vitest';
import { asDemanded, COMMON_TYPES } from '../../src/profiles/demanded-schemas.ts';
import { GRADE_FLAGS } from '../../src/profiles/grades.ts';
import { interopDeviations } from '../../src/profiles/interop.ts';
import { GRADES, type Profile } from '../../src/profiles/profile.ts';
import { DEFAULT_ROLE_NAMES, dialectOf } from '../../src/profiles/resolve.ts';
import { RFC } from '../../src/profiles/rfc.ts';
import { ROLE_OBJECT } from '../../src/profiles/role-object.ts';
import { ALL_DEMANDS } from '../../src/protocol/quirks/demands.ts';
import { ALL_QUIRKS } from '../../src/protocol/quirks/quirks.ts';
import { attribute, complex } from '../../src/schema/attribute.ts';
import { coreAttribute } from '../../src/schema/registry.ts';
import { GROUP_TYPE, USER_TYPE } from '../../src/schema/resource-types.ts';

const deviations = (profile: Profile, grade: (typeof GRADES)[number] = 'interop') =>
  interopDeviations(dialectOf(profile, grade, { roles: DEFAULT_ROLE_NAMES }));

describe('the grades', () => {
  it('have all demands in interop, and none in the others', () => {
    for (const grade of GRADES) {
      const held = [...ALL_DEMANDS].filter((demand) => GRADE_FLAGS[grade].has(demand));
      expect(held).toEqual(grade === 'interop' ? [...ALL_DEMANDS] : []);
    }
  });

  it('have one tolerance in interop, which only publishes what there is', () => {
    expect([...ALL_QUIRKS].filter((quirk) => GRADE_FLAGS.interop.has(quirk))).toEqual(['externalIdInSchemas']);
  });
});

describe('interopDeviations', () => {
  it('finds none in plain RFC 7643 and 7644 under interop, and some in every other grade', () => {
    expect(deviations(RFC)).toEqual([]);
    expect(deviations(RFC, 'strict')).toContain('pathRequired is off');
    expect(deviations(RFC, 'lenient')).toContain('unknownIgnored is on');
  });

  it('says what of role-object contradicts', () => {
    expect(deviations(ROLE_OBJECT)).toEqual([
      'addressBy is id-or-externalId',
      'invalidInputStatus is 422',
      'rolesOut is object',
    ]);
  });

  const { operations, paging } = RFC;
  it.each<[string, Partial<Profile>, string[]]>([
    ['a tolerance that is on', { quirks: { objectForMany: true } }, ['objectForMany is on']],
    ['a demand that is off', { quirks: { noPassword: false } }, ['noPassword is off']],
    ['short pages', { paging: { ...paging, maxCount: 99 } }, ['paging.maxCount is 99']],
    ['pages just long enough', { paging: { ...paging, maxCount: 100 } }, []],
    ['named roles as names', { roles: 'named', rolesOut: 'names' }, ['rolesOut is names']],
    ["named roles in the RFC's shape", { roles: 'named', rolesOut: 'rfc' }, []],
    ['no bulk, which is optional', { operations: { ...operations, bulk: false } }, []],
    ['no PUT, which is not used', { operations: { ...operations, User: { ...operations.User, replace: false } } }, []],
    [
      'no PATCH',
      { operations: { ...operations, Group: { ...operations.Group, patch: false } } },
      ['operations.Group.patch is off'],
    ],
  ])('judges %s', (_, changed, expected) => {
    expect(deviations({ ...RFC, ...changed })).toEqual(expected);
  });
});

describe('schemas under demand', () => {
  it('are what they are without demands', () => {
    for (const type of [USER_TYPE, GROUP_TYPE]) expect(asDemanded(type, new Set())).toBe(type);
  });

  it('lose the password, and only that, by noPassword', () => {
    const type = asDemanded(USER_TYPE, new Set(['noPassword'] as const));
    expect(type.schema.attributes).toEqual(USER_TYPE.schema.attributes.filter(({ name }) => name !== 'password'));
    expect(coreAttribute(USER_TYPE, 'password')).toBeDefined();
  });

  it('get values for open types of multi-valued attributes by typesDeclared, in extensions too', () => {
    const open = complex('badges', 'x', [attribute('value', 'x'), attribute('type', 'x')], { multiValued: true });
    const single = complex('badge', 'x', [attribute('type', 'x')]);
    const closed = complex('keys', 'x', [attribute('type', 'x', { canonicalValues: ['a'] })], { multiValued: true });
    const schema = { id: 'urn:x:1.0', name: 'X', description: 'x', attributes: [open, single, closed] };
    const type = asDemanded(
      { ...USER_TYPE, extensions: [{ schema, required: false }] },
      new Set(['typesDeclared'] as const),
    );
    const [badges, badge, keys] = type.extensions[0]?.schema.attributes ?? [];
    expect(badges?.subAttributes).toEqual([
      attribute('value', 'x'),
      attribute('type', 'x', { canonicalValues: COMMON_TYPES }),
    ]);
    expect([badge, keys]).toEqual([single, closed]);
    expect(coreAttribute(type, 'password')).toBeDefined();
  });
});
