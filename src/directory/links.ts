import { invalidValue, notFound, type ScimError, uniqueness } from '../protocol/errors.ts';
import { abridged } from '../protocol/json.ts';
import { membershipId } from '../protocol/membership.ts';
import type { Link } from './changes.ts';

/** The id of the membership that begins or ends. */
export function linkId({ address, member }: Link): string {
  return membershipId({ group: address, member });
}

/** The refusal of a membership in a group that there is not. */
export function withoutGroup(link: Link): ScimError {
  if (link.kind === 'leave') return withoutMembership(linkId(link));
  return invalidValue(`No Group has the id "${abridged(link.address)}"; name one that there is in group.value.`);
}

/** The refusal of a membership that there is not. */
export function withoutMembership(id: string): ScimError {
  return notFound(`There is no GroupMembership "${abridged(id)}".`);
}

/** The refusal of a membership that there is already. */
export function alreadyMember({ address, member }: Link): ScimError {
  return uniqueness(`"${member}" is a member of the group "${address}" already.`);
}
