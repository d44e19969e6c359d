import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Principal } from '../access/principal.ts';
import { typeNumbered } from '../directory/representation.ts';
import type { ChangeDetails, MessageDetails, RequestDetails, RequestLog } from '../directory/request-log.ts';
import type { Dialect } from '../profiles/resolve.ts';
import { type AnswerFacts, type KeptBody, keptAnswer, keptRequest } from '../protocol/redact/body.ts';
import { redactFilter } from '../protocol/redact/filter.ts';
import { type RedactionRules, redactionRules } from '../protocol/redact/rules.ts';
import { cutText, keptText, withoutTokens } from '../protocol/redact/text.ts';
import { type KeptUrl, keptUrl } from '../protocol/redact/url.ts';
import { fold } from '../schema/fold.ts';
import { isObject, type JsonValue, memberNamed } from '../schema/json.ts';
import type { EventRow } from '../storage/events.ts';
import { isId } from '../storage/ids.ts';
import type { LoggedRequest } from '../storage/request-log.ts';
import type { Tenant } from '../storage/tenants.ts';
import { routeOf } from './observe.ts';
import { SCIM_MEDIA_TYPE } from './reply.ts';
import type { RequestNotes } from './request-log.ts';
import { credentialClaimed } from './tenant-claimed.ts';

/** Most characters that are kept of a body. */
export const MAX_KEPT_BODY = 16 * 1024;
/** Most characters that are kept of a path with its query. */
export const MAX_KEPT_PATH = 4096;
/** Most characters that are kept of a header. */
export const MAX_KEPT_HEADER = 512;
/** Most changes of one request that are named, and most resources by which it is found. */
export const MAX_KEPT_CHANGES = 1000;

const REQUEST_HEADERS = ['content-type', 'accept', 'user-agent', 'if-match', 'if-none-match', 'content-encoding'];
const RESPONSE_HEADERS = ['etag', 'location', 'retry-after', 'www-authenticate', 'x-rollcall-faults'];
const SCIM_TYPE = /"scimType":"(\w{1,40})"/;

/** What is kept of a request and its answer. */
export function loggedRequest(
  request: FastifyRequest,
  reply: FastifyReply,
  notes: RequestNotes,
  { newId, clock }: Pick<RequestLog, 'newId' | 'clock'>,
  withBodies: boolean,
): LoggedRequest {
  const [now, elapsed] = [clock().getTime(), reply.elapsedTime];
  const { principal } = request;
  const rules = principal && rulesOf(principal);
  const body = rules && request.body !== undefined ? bodyOf(request, rules, notes) : undefined;
  const url = urlOf(request, rules);
  const known = {
    secrets: body?.secrets ?? [],
    unsure: url.unsure || body?.unsure === true,
    unread: body?.unread,
  };
  const answer = keptOfAnswer(reply, notes, rules, known);
  const changes = notes.events.slice(0, MAX_KEPT_CHANGES);
  const details: RequestDetails = {
    request: requestDetails(request, reply, body, withBodies),
    response: responseDetails(reply, notes, answer),
    ...(changes.length > 0 && principal ? { changes: changes.map((event) => changeOf(principal.dialect, event)) } : {}),
    ...(notes.events.length > changes.length ? { moreChanges: notes.events.length - changes.length } : {}),
    ...(notes.quirks.size > 0 && rules ? { quirks: quirksOf(notes, rules) } : {}),
    ...(principal ? {} : { unauthenticated: true }),
  };
  return {
    id: newId(),
    at: new Date(now - elapsed),
    requestId: request.id,
    credential: (principal ? principal.credential.prefix : credentialClaimed(request)?.prefix) ?? '',
    method: request.method,
    path: cutText(url.text, MAX_KEPT_PATH).text,
    route: routeOf(request) ?? '',
    status: reply.statusCode,
    scimType: (reply.statusCode >= 400 && SCIM_TYPE.exec(notes.answer ?? '')?.[1]) || '',
    microseconds: Math.min(Math.round(elapsed * 1000), 2 ** 31 - 1),
    subjects: rules ? subjectsOf(request, notes, rules) : [],
    requestBody: withBodies ? (body?.text ?? '') : '',
    // What is answered to a refused credential are words of this server alone.
    responseBody: withBodies || !principal ? (answer?.text ?? '') : '',
    details: JSON.stringify(details),
    missed: 0,
  };
}

function bodyOf({ body, headers }: FastifyRequest, rules: RedactionRules, { sent }: RequestNotes): KeptBody {
  // One that comes in chunks is of any length.
  const bytes = Number(headers['content-length'] ?? Number.POSITIVE_INFINITY);
  return keptRequest(rules, { value: body as JsonValue, text: sent, bytes }, MAX_KEPT_BODY);
}

const rulesByTenant = new WeakMap<Tenant, RedactionRules>();

/** Made once for a tenant as it was read, which is again whenever its credentials are looked up anew. */
function rulesOf({ tenant, dialect }: Principal): RedactionRules {
  const known = rulesByTenant.get(tenant);
  if (known) return known;
  const rules = redactionRules(dialect.registry, tenant.requestLog?.redact);
  rulesByTenant.set(tenant, rules);
  return rules;
}

function keptOfAnswer(
  reply: FastifyReply,
  { answer }: RequestNotes,
  rules: RedactionRules | undefined,
  request: AnswerFacts['request'],
): Pick<KeptBody, 'text' | 'cut'> | undefined {
  if (typeof answer !== 'string') return undefined;
  if (!rules) return keptText(answer, MAX_KEPT_BODY);
  const bySchema = reply.getHeader('content-type') === SCIM_MEDIA_TYPE;
  return keptAnswer(rules, answer, MAX_KEPT_BODY, { bySchema, request });
}

function requestDetails(
  request: FastifyRequest,
  reply: FastifyReply,
  body: KeptBody | undefined,
  withBodies: boolean,
): MessageDetails {
  const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
  const sent = encoding !== undefined || (length !== undefined && length !== '0');
  return {
    headers: headersOf(REQUEST_HEADERS, (name) => request.headers[name]),
    ...(sent && length !== undefined ? { bytes: Number(length) } : {}),
    ...(withBodies && body?.cut ? { cut: true } : {}),
    ...(sent && !body ? { without: whyWithout(reply.statusCode) } : {}),
  };
}

/** Why a body that was sent is not there: of one that is not JSON nobody can tell what in it is a secret. */
function whyWithout(status: number): string {
  if (status === 413) return 'too large';
  if (status === 415) return 'not of a media type that is read';
  return status === 400 ? 'not JSON' : 'not read';
}

function responseDetails(
  reply: FastifyReply,
  notes: RequestNotes,
  answer: Pick<KeptBody, 'cut'> | undefined,
): MessageDetails {
  const length = reply.getHeader('content-length');
  return {
    headers: headersOf(RESPONSE_HEADERS, (name) => reply.getHeader(name)),
    ...(length === undefined || length === '0' ? {} : { bytes: Number(length) }),
    ...(answer?.cut ? { cut: true } : {}),
    ...(notes.answer === null ? { without: 'a stream' } : {}),
    ...(notes.answer && !answer ? { without: 'too long to be redacted' } : {}),
  };
}

function headersOf(names: readonly string[], read: (name: string) => unknown): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of names) {
    const value = read(name);
    if (value !== undefined) kept[name] = keptText(String(value), MAX_KEPT_HEADER).text;
  }
  return kept;
}

function changeOf(
  { registry }: Dialect,
  { kind, typeNumber, resourceId, version, attributes }: EventRow,
): ChangeDetails {
  return { kind, type: typeNumbered(registry, typeNumber)?.name ?? '', id: resourceId, version, attributes };
}

function quirksOf({ quirks }: RequestNotes, rules: RedactionRules): NonNullable<RequestDetails['quirks']> {
  return [...quirks.values()].map(({ name, path }) =>
    path === undefined ? { name } : { name, path: keptText(redactFilter(rules, path), MAX_KEPT_HEADER).text },
  );
}

/** The query of a refused request is not kept: what in it is to be redacted is the tenant's to say. */
function urlOf({ url, params }: FastifyRequest, rules: RedactionRules | undefined): KeptUrl {
  if (!rules) return { text: withoutTokens(url.split('?')[0] ?? ''), unsure: false };
  const { address } = (params ?? {}) as { address?: string };
  return keptUrl(rules, url, address !== undefined && !isId(address));
}

/** Ids and names by which somebody may look for the request. */
function subjectsOf(
  { params, body, query, principal }: FastifyRequest,
  notes: RequestNotes,
  rules: RedactionRules,
): string[] {
  const subjects = new Set<string>();
  // Surfaces name their parameters as their vendors do.
  for (const value of Object.values((params ?? {}) as Record<string, string>)) if (isId(value)) subjects.add(value);
  if (principal?.credential.userId) subjects.add(principal.credential.userId);
  for (const { resourceId } of notes.events) {
    if (subjects.size >= MAX_KEPT_CHANGES) break;
    subjects.add(resourceId);
  }
  if (rules.whole.has('username')) return [...subjects];
  const named = isObject(body) ? memberNamed(body, 'userName') : undefined;
  const { filter } = (query ?? {}) as { filter?: unknown };
  for (const name of [named, nameSought(filter), nameShown(notes.answer)]) {
    if (typeof name === 'string' && name !== '')
      subjects.add(fold(keptText(name, MAX_KEPT_HEADER).text).replaceAll(/\s/g, ' '));
  }
  return [...subjects];
}

function nameSought(filter: unknown): string | undefined {
  return typeof filter === 'string' ? /\buserName\s{1,9}eq\s{1,9}"([^"\\]{1,500})"/i.exec(filter)?.[1] : undefined;
}

/** The name of the one user that an answer shows. */
function nameShown(answer: RequestNotes['answer']): string | undefined {
  if (!answer || answer.length > MAX_KEPT_BODY || answer.includes('"Resources":')) return undefined;
  return /"userName":"([^"\\]{1,500})"/.exec(answer)?.[1];
}
