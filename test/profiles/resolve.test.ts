import { describe, expect, it } from 'vitest';
import type { Profile } from '../../src/profiles/profile.ts';
import { DEFAULT_ROLE_NAMES, dialectOf } from '../../src/profiles/resolve.ts';
import { RFC } from '../../src/profiles/rfc.ts';
import { ROLE_OBJECT } from '../../src/profiles/role-object.ts';
import { ALL_QUIRKS, NO_QUIRKS } from '../../src/protocol/quirks/quirks.ts';
import { coreAttribute, resolveAttribute, typeNamed } from '../../src/schema/registry.ts';
import { GROUP_TYPE, USER_TYPE } from '../../src/schema/resource-types.ts';
import { ORIGIN_SCHEMA, TEAM_SCHEMA } from '../../src/schema/urns.ts';

const rolesOf = (profile: Profile, roles = DEFAULT_ROLE_NAMES) => {
  const user = typeNamed(dialectOf(profile, 'lenient', { roles }).registry, 'User');
  return user && coreAttribute(user, 'roles');
};

describe('dialectOf', () => {
  it('has all tolerances when lenient, none when strict', () => {
    expect(dialectOf(RFC, 'lenient', { roles: [] }).quirks).toEqual(ALL_QUIRKS);
    expect(dialectOf(RFC, 'strict', { roles: [] }).quirks).toEqual(NO_QUIRKS);
    expect(ALL_QUIRKS.size).toBeGreaterThan(20);
  });

  it('lets a profile switch one on or off whatever the grade', () => {
    const profile = { ...RFC, quirks: { rawToken: false, operationCase: true } };
    const lenient = dialectOf(profile, 'lenient', { roles: [] }).quirks;
    expect(lenient.has('rawToken')).toBe(false);
    expect([...ALL_QUIRKS].filter((quirk) => !lenient.has(quirk))).toEqual(['rawToken']);
    expect(dialectOf(profile, 'strict', { roles: [] }).quirks).toEqual(new Set(['operationCase']));
  });

  it('does not change the sets that all dialects share', () => {
    dialectOf({ ...RFC, quirks: { rawToken: false } }, 'lenient', { roles: [] });
    expect(ALL_QUIRKS.has('rawToken')).toBe(true);
    expect(NO_QUIRKS.size).toBe(0);
  });

  it('serves users and groups, with the roles of RFC 7643 when roles are open', () => {
    expect(dialectOf(RFC, 'lenient', { roles: DEFAULT_ROLE_NAMES }).registry.types).toEqual([USER_TYPE, GROUP_TYPE]);
  });

  it('has e-mail addresses that are unique, and the status of accounts, where the profile says so', () => {
    const [user] = dialectOf({ ...RFC, uniqueEmails: true, invitations: true }, 'lenient', { roles: [] }).registry
      .types;
    const uniqueness = (type = USER_TYPE) => resolveAttribute(type, 'emails.value')?.sub?.uniqueness;
    expect([uniqueness(user), uniqueness()]).toEqual(['server', 'none']);
    expect(user?.extensions.map(({ schema, required }) => [schema.name, required])).toEqual([
      ['EnterpriseUser', false],
      ['Account', false],
    ]);
  });

  it('has the source of users and the administrator of groups where groups are teams', () => {
    const [user, group] = dialectOf({ ...RFC, teams: true }, 'lenient', { roles: [] }).registry.types;
    expect(user && resolveAttribute(user, `${ORIGIN_SCHEMA}:source`)?.attribute.type).toBe('string');
    expect(group && resolveAttribute(group, `${TEAM_SCHEMA}:administrator`)?.attribute.caseExact).toBe(true);
  });

  it("has the tenant's role names as sub-attributes of roles when they are named", () => {
    const roles = [
      { name: 'owner', byDefault: false },
      { name: 'guest', byDefault: true },
    ];
    expect(rolesOf(ROLE_OBJECT, roles)).toMatchObject({
      roleSet: { names: ['owner', 'guest'], defaults: ['guest'], shape: 'object' },
      defaultValue: { owner: false, guest: true },
    });
    const [user] = dialectOf(ROLE_OBJECT, 'lenient', { roles }).registry.types;
    expect(user && resolveAttribute(user, 'ROLES.Guest')?.path).toBe('roles.guest');
    expect(user && resolveAttribute(user, 'roles.admin')).toBeUndefined();
  });

  it('has the documented default roles: admin false, member true, editor false', () => {
    expect(rolesOf(ROLE_OBJECT)?.defaultValue).toEqual({ admin: false, member: true, editor: false });
    expect(rolesOf({ ...ROLE_OBJECT, rolesOut: 'names' })?.defaultValue).toEqual(['member']);
    expect(rolesOf({ ...ROLE_OBJECT, rolesOut: 'rfc' })?.defaultValue).toEqual([{ value: 'member' }]);
  });

  it('changes nothing else of the User type, and nothing of the shared one', () => {
    const [user] = dialectOf(ROLE_OBJECT, 'lenient', { roles: DEFAULT_ROLE_NAMES }).registry.types;
    const others = (type: typeof USER_TYPE) => type.schema.attributes.filter(({ name }) => name !== 'roles');
    expect(user && others(user)).toEqual(others(USER_TYPE));
    expect(user?.number).toBe(USER_TYPE.number);
    expect(coreAttribute(USER_TYPE, 'roles')?.roleSet).toBeUndefined();
  });
});
