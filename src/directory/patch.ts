import { accountStatus, uninvited } from '../protocol/account-status.ts';
import { type Conditions, etagOf } from '../protocol/etag.ts';
import { pathsInPatch } from '../protocol/named.ts';
import { applyPatch } from '../protocol/patch/apply.ts';
import { readPatchMessage } from '../protocol/patch/message.ts';
import type { WorkMeter } from '../protocol/patch/work.ts';
import type { Projection } from '../protocol/projection.ts';
import { locationOf } from '../protocol/render.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import { hasMoreMembersThan } from '../storage/members.ts';
import { writeChange } from './change.ts';
import type { Mutation } from './changes.ts';
import type { Context, Scope } from './context.ts';
import { type RepresentationInParts, representInParts } from './read-in-parts.ts';
import { holdsMembers, type Representation, representOne, wantedOf } from './representation.ts';

/**
 * Most members that the answer to a PATCH shows. A larger group is answered 204, which RFC 7644 §3.5.2 allows: the cost of
 * adding one member must not grow with the group, and a list cut short would read as members removed.
 */
export const MEMBERS_IN_PATCH_RESPONSE = 1000;

/** A PATCH that is answered without a body. */
export type Acknowledgement = Omit<Representation, 'body' | 'text'> & { readonly body?: undefined };

/** Whether a PATCH is answered with the resource. What is there as text is not parsed for the question. */
export function isShown(patched: Representation | Acknowledgement): patched is Representation {
  return 'text' in patched || patched.body !== undefined;
}

/** PATCH (RFC 7644 §3.5.2): all operations, or none when one fails. */
export async function patchResource(
  context: Context,
  scope: Scope,
  type: ResourceTypeDefinition,
  address: string,
  body: unknown,
  conditions: Conditions,
  projection: Projection,
): Promise<Representation | RepresentationInParts | Acknowledgement> {
  const row = await writeChange(context, scope, patching(scope, type, address, body, conditions));
  const { quirks } = scope.dialect;
  const answered = projection.answering(() => pathsInPatch(type, readPatchMessage(body, quirks), quirks));
  const attribute = wantedOf(type, 'rows', answered);
  const isLarge =
    (attribute !== undefined || (holdsMembers(type) && !projection.explicit)) &&
    (await hasMoreMembersThan(context.db, scope.tenantId, row.id, MEMBERS_IN_PATCH_RESPONSE));
  // A client that names what it wants gets it whatever its size: with `attributes` the answer must be 200 (RFC 7644 §3.5.2).
  if (isLarge && !projection.explicit) {
    return { id: row.id, etag: etagOf(row.version), location: locationOf(scope.baseUrl, type, row.id) };
  }
  if (!isLarge || attribute === undefined) return representOne(context.db, scope, type, row, answered);
  return representInParts(context.db, scope, type, row, attribute, answered);
}

/** The change that a PATCH asks for. Each time that it is carried out it asks for a meter, where there is one. */
export function patching(
  scope: Scope,
  type: ResourceTypeDefinition,
  address: string,
  body: unknown,
  conditions: Conditions,
  meter?: () => WorkMeter,
): Mutation {
  const { quirks } = scope.dialect;
  const operations = readPatchMessage(body, quirks);
  const mutate: Mutation['mutate'] = (current) => {
    const outcome = applyPatch(type, current, operations, quirks, meter?.());
    // An invited account is not active before either: only that it is said tells a deactivation, which ends the invitation.
    const isEnded =
      accountStatus(outcome.document) === 'invited' && pathsInPatch(type, operations, quirks).has('active');
    return isEnded ? { ...outcome, document: uninvited(type, outcome.document) } : outcome;
  };
  return { kind: 'patch', type, address, conditions, mutate };
}
