import { GROUP_MEMBERSHIP_TYPE } from '../schema/group-membership.ts';
import { isObject, type JsonObject } from '../schema/json.ts';
import { invalidSyntax } from './errors.ts';
import { etagOf } from './etag.ts';
import { type QuirkSet, takes } from './quirks/quirks.ts';
import { readResource } from './read-resource.ts';
import { locationOf } from './render.ts';

/** A direct membership, by the ids of the two that it connects. */
export interface Membership {
  readonly group: string;
  readonly member: string;
}

/** A membership with what references show of the two. */
export interface ShownMembership extends Membership {
  readonly groupDisplay: string | null;
  readonly memberType: number;
  readonly memberDisplay: string | null;
}

/** A membership can only begin and end, so while it lasts it has one version. */
export const MEMBERSHIP_ETAG = etagOf(1);

const SEPARATOR = '.';

/**
 * The id of a membership. It is made of the two that it connects, so the same membership has the same id whenever and
 * however it comes about.
 */
export function membershipId({ group, member }: Membership): string {
  return `${group}${SEPARATOR}${member}`;
}

/** The membership with that id, whether or not there is one; undefined when it can't be an id of any. */
export function membershipOf(id: string): Membership | undefined {
  const [group, member, ...more] = id.split(SEPARATOR);
  return group && member && more.length === 0 ? { group, member } : undefined;
}

/** The membership that the body of a POST asks for. */
export function readMembership(body: unknown, quirks: QuirkSet): Membership {
  const { document } = readResource(GROUP_MEMBERSHIP_TYPE, body, quirks);
  if (document.externalId !== undefined && !takes(quirks, 'unknownIgnored', 'externalId')) {
    throw invalidSyntax('A GroupMembership has no externalId; leave it out.');
  }
  return { group: idIn(document, 'group'), member: idIn(document, 'member') };
}

/** The membership as served; nothing is known of when it began. */
export function renderMembership(
  membership: ShownMembership,
  baseUrl: string,
  references: { location: (typeNumber: number) => string; typeName: (typeNumber: number) => string; groupType: number },
): JsonObject {
  const { group, groupDisplay, member, memberType, memberDisplay } = membership;
  const id = membershipId(membership);
  const { location, typeName, groupType } = references;
  return {
    schemas: [GROUP_MEMBERSHIP_TYPE.schema.id],
    id,
    group: {
      value: group,
      $ref: `${location(groupType)}${group}`,
      ...(groupDisplay === null ? {} : { display: groupDisplay }),
    },
    member: {
      value: member,
      $ref: `${location(memberType)}${member}`,
      type: typeName(memberType),
      ...(memberDisplay === null ? {} : { display: memberDisplay }),
    },
    meta: {
      resourceType: GROUP_MEMBERSHIP_TYPE.name,
      location: locationOf(baseUrl, GROUP_MEMBERSHIP_TYPE, id),
      version: MEMBERSHIP_ETAG,
    },
  };
}

// The schema requires both; what is read has them.
function idIn(document: JsonObject, name: string): string {
  const reference = document[name];
  return isObject(reference) ? String(reference.value) : '';
}
