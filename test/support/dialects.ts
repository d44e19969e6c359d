import { DEFAULT_ROLE_NAMES, dialectOf } from '../../src/profiles/resolve.ts';
import { RFC } from '../../src/profiles/rfc.ts';
import { ROLE_OBJECT } from '../../src/profiles/role-object.ts';
import type { RoleSetDefinition } from '../../src/schema/attribute.ts';
import type { ResourceTypeDefinition } from '../../src/schema/resource-type.ts';

/** The User type of plain RFC 7643. */
export const PLAIN_USER = userTypeOf(RFC);

/** The shapes in which named roles are shown. */
export const ROLE_SHAPES: readonly RoleSetDefinition['shape'][] = ['object', 'names', 'rfc'];

/** The User type of a tenant with the default role names (admin, member by default, editor), shown in that shape. */
export function userWithRoles(shape: RoleSetDefinition['shape']): ResourceTypeDefinition {
  return userTypeOf({ ...ROLE_OBJECT, rolesOut: shape });
}

function userTypeOf(profile: typeof RFC): ResourceTypeDefinition {
  const [user] = dialectOf(profile, 'lenient', { roles: DEFAULT_ROLE_NAMES }).registry.types;
  if (!user) throw new Error('a dialect has no User type');
  return user;
}
