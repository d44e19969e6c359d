import { describe, expect, it } from 'vitest';
import { DEFAULT_ROLE_NAMES, dialectOf } from '../../../src/profiles/resolve.ts';
import { ROLE_OBJECT } from '../../../src/profiles/role-object.ts';
import { NO_QUIRKS } from '../../../src/protocol/quirks/quirks.ts';
import { readResource } from '../../../src/protocol/read-resource.ts';
import { changeTo, newUser } from '../../../src/routes/vendors/user-message.ts';
import { userView } from '../../../src/routes/vendors/user-view.ts';
import { USER_TYPE } from '../../../src/schema/resource-types.ts';

describe.each(['object', 'names', 'rfc'] as const)('a user whose roles are named, in the shape %s', (rolesOut) => {
  const { registry } = dialectOf({ ...ROLE_OBJECT, rolesOut }, 'lenient', { roles: DEFAULT_ROLE_NAMES });
  const type = registry.types.find(({ name }) => name === 'User') ?? USER_TYPE;
  const created = (role?: string) =>
    readResource(type, newUser(type, { email: 'a@x', ...(role === undefined ? {} : { role }) }), NO_QUIRKS).document;

  it('has the role of the view, the default one unless another is asked for', () => {
    expect(userView(type, created('editor')).role).toBe('editor');
    expect(userView(type, created()).role).toBe('member');
  });

  it('has another one, or none, by a change', () => {
    const admin = changeTo(type, { role: 'admin' })(created('editor')).document;
    expect(userView(type, admin).role).toBe('admin');
    expect(admin.roles).toEqual(created('admin').roles);
    expect(userView(type, changeTo(type, { role: null })(admin).document).role).toBeNull();
  });

  it('is refused a role that the tenant does not have', () => {
    expect(() => created('king')).toThrow('"king" is no role of this tenant');
    expect(() => changeTo(type, { role: 'king' })(created())).toThrow('"king" is no role of this tenant');
  });
});
