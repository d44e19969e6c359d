import { prefixNamed } from '../access/token.ts';
import { invalidParameter, notFound } from '../protocol/errors.ts';
import { abridged, unstorable } from '../protocol/json.ts';
import { MAX_KEY_LENGTH } from '../protocol/limits.ts';
import { fold } from '../schema/fold.ts';
import type { JsonObject } from '../schema/json.ts';
import { parseJson } from '../schema/json-text.ts';
import { USER_TYPE } from '../schema/resource-types.ts';
import { isId } from '../storage/ids.ts';
import { findRequest, type RequestQuery, type RequestSummary, searchRequests, timeOf } from '../storage/request-log.ts';
import { findResource, idByUniqueKey } from '../storage/resources.ts';
import type { Tenant } from '../storage/tenants.ts';
import type { Context } from './context.ts';
import { instantAsked } from './instant-asked.ts';
import { idAsked, limitAsked } from './page-asked.ts';
import type { MessageDetails, RequestDetails } from './request-log.ts';

/** Requests in a page when no limit is asked for. */
export const DEFAULT_REQUESTS = 100;
/** Most requests in a page. */
export const MAX_REQUESTS = 1000;
/** Longest text that is searched for. */
export const MAX_NEEDLE_LENGTH = 200;

/** Which requests to list, in the words of whoever asks. */
export interface RequestsAsked {
  /** Instants, or times before now such as `15m`, `2h` and `3d`. */
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  /** Statuses such as `409` and `4xx`, separated by commas. */
  readonly status?: string | undefined;
  /** Prefix of a credential. */
  readonly credential?: string | undefined;
  /** Id of a resource, or a userName. */
  readonly user?: string | undefined;
  readonly text?: string | undefined;
  /** `next` of the page before. */
  readonly before?: string | undefined;
  /** The id of a request: those after it, the oldest first. */
  readonly after?: string | undefined;
  readonly limit?: string | undefined;
}

/**
 * A page of the tenant's log, the newest first. One search looks at so many requests and no more: a page may have fewer than
 * were asked for, or none, and `next` says where to go on; it is null at the end.
 */
export async function requestsAsked(context: Context, tenant: Tenant, asked: RequestsAsked): Promise<JsonObject> {
  const page = await searchRequests(context.db, tenant.id, await queryOf(context, tenant, asked));
  return { requests: page.found.map(summaryOf), next: page.next ?? null };
}

/** One request with its answer; throws 404. */
export async function requestWithId(context: Context, tenant: Tenant, id: string): Promise<JsonObject> {
  const found = isId(id) ? await findRequest(context.db, tenant.id, id) : undefined;
  if (!found) throw notFound(`The log of "${tenant.slug}" has no request "${abridged(id)}"; it may have been swept.`);
  const { request, response } = parseJson(found.details) as RequestDetails;
  return {
    ...summaryOf(found),
    ...(request ? { request: messageOf(request, found.requestBody) } : {}),
    ...(response ? { response: messageOf(response, found.responseBody) } : {}),
  };
}

function summaryOf(found: RequestSummary): JsonObject {
  const { id, at, requestId, credential, method, path, route, status, scimType, microseconds, missed } = found;
  const { changes, moreChanges, quirks, unauthenticated, why } = parseJson(found.details) as RequestDetails;
  if (missed > 0) return { id, at: at.toISOString(), missed, why: why ?? 'queue full' };
  return {
    id,
    requestId,
    at: at.toISOString(),
    answeredAt: timeOf(id).toISOString(),
    credential: credential === '' ? null : credential,
    ...(unauthenticated ? { unauthenticated } : {}),
    method,
    path,
    route: route === '' ? null : route,
    status,
    ...(scimType === '' ? {} : { scimType }),
    milliseconds: microseconds / 1000,
    ...(changes ? { changes: changes.map((change) => ({ ...change, attributes: [...change.attributes] })) } : {}),
    ...(moreChanges === undefined ? {} : { moreChanges }),
    ...(quirks ? { quirks: quirks.map((quirk) => ({ ...quirk })) } : {}),
  };
}

function messageOf({ headers, ...others }: MessageDetails, body: string): JsonObject {
  const shown = body === '' ? {} : others.cut ? { beginning: body } : { body: parseJson(body) };
  return { headers: { ...headers }, ...others, ...shown };
}

async function queryOf(context: Context, tenant: Tenant, asked: RequestsAsked): Promise<RequestQuery> {
  const { since, until, status, credential, user, text, before, after } = asked;
  if (before !== undefined && after !== undefined) throw invalidParameter('Send before or after, not both.');
  return {
    ...(since === undefined ? {} : { since: instantAsked(context, 'since', since) }),
    ...(until === undefined ? {} : { until: instantAsked(context, 'until', until) }),
    ...(status === undefined ? {} : { statuses: status.split(',').map(rangeAsked) }),
    ...(credential === undefined ? {} : { credential: prefixNamed(tenant.id, storable('credential', credential)) }),
    ...(user === undefined ? {} : { subjects: await subjectsOf(context, tenant, storable('user', user)) }),
    ...(text === undefined ? {} : { text: storable('text', text) }),
    ...(before === undefined ? {} : { before: idAsked('before', before, 'a page of the log') }),
    ...(after === undefined ? {} : { after: idAsked('after', after, 'a page of the log') }),
    limit: limitAsked(asked.limit, { standard: DEFAULT_REQUESTS, most: MAX_REQUESTS }),
  };
}

/** What requests about a user are found by: its id and its name, both where the user is there. */
async function subjectsOf({ db }: Context, tenant: Tenant, user: string): Promise<string[]> {
  if (user.length > MAX_KEY_LENGTH) return [fold(user)];
  if (!isId(user)) {
    const id = await idByUniqueKey(db, tenant.id, USER_TYPE.number, fold(user));
    return id === undefined ? [fold(user)] : [fold(user), id];
  }
  const row = await findResource(db, tenant.id, USER_TYPE.number, user);
  const { userName } = row ? (parseJson(row.doc) as JsonObject) : {};
  return typeof userName === 'string' ? [user, fold(userName)] : [user];
}

function rangeAsked(text: string): readonly [number, number] {
  const [, digit, rest] = /^([1-5])(\d\d|xx)$/i.exec(text.trim()) ?? [];
  if (digit === undefined || rest === undefined) {
    throw invalidParameter(
      `The status is "${abridged(text)}"; send one such as 409 or 4xx, several with commas between.`,
    );
  }
  const first = Number(digit) * 100;
  return /x/i.test(rest) ? [first, first + 99] : [first + Number(rest), first + Number(rest)];
}

function storable(name: string, text: string): string {
  if (text !== '' && text.length <= MAX_NEEDLE_LENGTH && unstorable(text) === undefined) return text;
  throw invalidParameter(`${name} is "${abridged(text)}"; send a text of 1 to ${MAX_NEEDLE_LENGTH} characters.`);
}
