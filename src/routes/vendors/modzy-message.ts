import type { NewTeam } from '../../directory/enrol.ts';
import type { MODZY_ROLES } from '../../profiles/modzy.ts';
import type { JsonObject } from '../../schema/json.ts';
import type { ResourceTypeDefinition } from '../../schema/resource-type.ts';
import { ORIGIN_SCHEMA, TEAM_SCHEMA } from '../../schema/urns.ts';
import type { NewUserFields, TeamFields } from './modzy-fields.ts';
import { newUser } from './user-message.ts';

type Role = keyof typeof MODZY_ROLES;

/** What the key of a member may do. */
export const MEMBER_ROLES: readonly Role[] = ['TEAM_ROLE'];

/** The User message of a new user with these fields. */
export function userMessage(type: ResourceTypeDefinition, fields: NewUserFields): JsonObject {
  const { title, externalIdentifier, source } = fields;
  const message = newUser(type, { ...fields, role: null });
  return {
    ...message,
    ...(title === null ? {} : { title }),
    ...(externalIdentifier === null ? {} : { externalId: externalIdentifier }),
    ...(source === null ? {} : { schemas: [type.schema.id, ORIGIN_SCHEMA], [ORIGIN_SCHEMA]: { source } }),
  };
}

/**
 * The team of a new user. "The team name is: Team + firstName + lastName. The team admin is the new user itself. The access
 * key contains ACCOUNT_ADMIN and TEAM_ROLE roles"; where somebody else administers the team, the user's key does not have
 * the role for that. The roles listed come on top.
 */
export function teamOf(
  type: ResourceTypeDefinition,
  { firstName, lastName }: NewUserFields,
  { name, adminUserIdentifier, accessKeyRoles }: TeamFields,
): NewTeam {
  const administering: readonly Role[] = ['ACCOUNT_ADMIN'];
  return {
    ...(adminUserIdentifier === null ? {} : { administrator: adminUserIdentifier }),
    roles: (administers) => [...(administers ? administering : []), ...MEMBER_ROLES, ...accessKeyRoles],
    message: (member, administrator) => ({
      schemas: [type.schema.id, TEAM_SCHEMA],
      displayName: name ?? `Team ${firstName} ${lastName}`,
      members: [{ value: member }],
      [TEAM_SCHEMA]: { administrator },
    }),
  };
}
