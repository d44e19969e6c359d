import type { AttributeDefinition } from '../schema/attribute.ts';
import { USER } from '../schema/core-user.ts';

/**
 * `emails` where no two users have the same address. The userName of a user without any stands in for it: identity
 * providers send the address as userName, often as nothing else.
 */
export const UNIQUE_EMAILS: AttributeDefinition = uniqueEmails();

function uniqueEmails(): AttributeDefinition {
  const emails = USER.attributes.find(({ name }) => name === 'emails');
  if (!emails?.subAttributes) throw new Error('The core User schema has e-mail addresses.');
  return {
    ...emails,
    subAttributes: emails.subAttributes.map((sub) =>
      sub.name === 'value' ? { ...sub, uniqueness: 'server', standIn: 'userName' } : sub,
    ),
  };
}
