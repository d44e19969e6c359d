import type { ScimType } from '../../../src/protocol/errors.ts';
import type { Quirk } from '../../../src/protocol/quirks/quirks.ts';
import type { JsonValue } from '../../../src/schema/json.ts';
import { BARE, BARE_WRITE } from '../headers.ts';
import { people } from '../people.ts';
import type { ClientRequest, Expectation, Step } from '../sequence.ts';
import { GROUP, PATCH_OP } from '../urns.ts';

/** What the strict grade answers where the tolerance is a quirk; nothing may have changed afterwards. */
export interface Refusal {
  readonly status: 400 | 401;
  readonly scimType?: ScimType;
}

/** One request that shows a tolerance, in a tenant of its own that `setting` has filled. */
export interface Case {
  readonly step: Step;
  /** Steps before it, on which the grades agree. */
  readonly before?: readonly Step[];
  /** The switch that the tolerance hangs on; without one the RFCs ask for it and both grades do the same. */
  readonly quirk?: Quirk;
  /** The request is made so often at once, and these are the statuses that come back, in ascending order. */
  readonly race?: readonly number[];
  /** With a quirk: the refusal, or what the strict grade makes of the request by the letter of the RFCs. */
  readonly strictly?: Refusal | { readonly instead: Expectation };
}

/** A tolerance that real clients need. */
export interface Tolerance {
  readonly row: number;
  readonly title: string;
  readonly cases: readonly Case[];
}

/** What every case finds: users `user1` and `user2`, and `group` "Engineers" with the first as its member. */
export const setting: readonly Step[] = [
  people(2),
  {
    title: 'a group of the first',
    request: {
      method: 'POST',
      path: '/Groups',
      headers: BARE_WRITE,
      body: { schemas: [GROUP], displayName: 'Engineers', members: [{ value: '{{user1}}' }] },
    },
    expect: { status: 201 },
    save: { group: 'id' },
  },
];

/** The first user. */
export const USER_1 = '/Users/{{user1}}';
/** The group. */
export const THE_GROUP = '/Groups/{{group}}';

type Operation = { [key: string]: JsonValue };

/** A PATCH with what the resource must show afterwards. */
export function patch(path: string, operations: Operation[], shown: JsonValue): Step {
  return {
    title: JSON.stringify(operations),
    request: {
      method: 'PATCH',
      path,
      headers: BARE_WRITE,
      body: { schemas: [PATCH_OP], Operations: operations },
    },
    expect: { status: 200, state: [{ path: path.replace(/\?.*/, ''), body: shown }] },
  };
}

/** A PATCH that any grade refuses. */
export function refusedPatch(path: string, operations: Operation[], status: number, scimType: string): Step {
  return { ...patch(path, operations, {}), expect: { status, body: { scimType } } };
}

/** A PUT with what the resource must show afterwards. */
export function put(path: string, body: JsonValue, shown: JsonValue): Step {
  return {
    title: JSON.stringify(body),
    request: { method: 'PUT', path, headers: BARE_WRITE, body },
    expect: { status: 200, body: shown, state: [{ path, body: shown }] },
  };
}

/** A POST with what must come back. */
export function post(path: string, body: JsonValue, shown: JsonValue, save: Record<string, string> = {}): Step {
  return {
    title: JSON.stringify(body),
    request: { method: 'POST', path, headers: BARE_WRITE, body },
    expect: { status: 201, body: shown },
    save,
  };
}

/** A request that any grade answers with this status, error or not. */
export function answered(request: ClientRequest, status: number, body?: JsonValue): Step {
  return {
    title: `${request.method} ${request.path}`,
    request,
    expect: body === undefined ? { status } : { status, body },
  };
}

/** A GET with what must come back. */
export function get(path: string, shown: JsonValue, headers: ClientRequest['headers'] = BARE): Step {
  return { title: path, request: { method: 'GET', path, headers }, expect: { status: 200, body: shown } };
}

/** A search by a filter with the number of hits. */
export function search(endpoint: '/Users' | '/Groups', filter: string, hits: number): Step {
  return get(`${endpoint}?filter=${encodeURIComponent(filter)}`, { totalResults: hits, Resources: { $length: hits } });
}
