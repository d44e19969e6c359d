import { readDialect } from '../access/dialects.ts';
import { ADMINISTRATION, EVENT_KINDS } from '../events/kinds.ts';
import { invalidParameter } from '../protocol/errors.ts';
import { abridged, unstorable } from '../protocol/json.ts';
import type { JsonObject } from '../schema/json.ts';
import { parseJson } from '../schema/json-text.ts';
import type { Database } from '../storage/database.ts';
import { everyTypeName } from '../storage/definitions.ts';
import { type ListedEvent, listEvents } from '../storage/event-log.ts';
import type { Tenant } from '../storage/tenants.ts';
import type { Context } from './context.ts';
import { instantAsked } from './instant-asked.ts';
import { idAsked, limitAsked } from './page-asked.ts';

/** Events in a page when no limit is asked for. */
export const DEFAULT_EVENTS = 100;
/** Most events in a page. */
export const MAX_EVENTS = 1000;

/** Which events to list, in the words of whoever asks. */
export interface EventsAsked {
  /** Instants, or times ago such as `15m`, `2h` and `3d`: since the first of them, before the second. */
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly kind?: string | undefined;
  /** The id of a resource, or of a credential. */
  readonly resource?: string | undefined;
  /** `operator`, `server`, or `credential:` and a prefix. */
  readonly actor?: string | undefined;
  /** `newest` first, which is the one left out, or `oldest`. */
  readonly order?: string | undefined;
  /** `next` of the page before. */
  readonly after?: string | undefined;
  readonly limit?: string | undefined;
}

/** A page of events; `next` is null on the last one. */
export async function eventsAsked(context: Context, tenant: Tenant, asked: EventsAsked): Promise<JsonObject> {
  const { after, resource, actor } = asked;
  const limit = limitAsked(asked.limit, { standard: DEFAULT_EVENTS, most: MAX_EVENTS });
  const since = asked.since === undefined ? undefined : instantAsked(context, 'since', asked.since);
  const until = asked.until === undefined ? undefined : instantAsked(context, 'until', asked.until);
  const found = await listEvents(context.db, tenant.id, {
    order: orderAsked(asked.order),
    ...(after !== undefined && { after: idAsked('after', after, 'a list of events') }),
    ...(since && { since }),
    ...(until && { until }),
    ...(asked.kind !== undefined && { kind: kindAsked(asked.kind) }),
    ...(resource !== undefined && { resourceId: idAsked('resource', resource, 'a list of events') }),
    ...(actor !== undefined && { actor: actorAsked(actor) }),
    limit: limit + 1,
  });
  const page = found.slice(0, limit);
  const names = await typeNames(context.db, tenant);
  return {
    events: page.map((event) => shown(event, names)),
    next: found.length > limit ? (page.at(-1)?.id ?? null) : null,
  };
}

/** The names of the tenant's resource types by their numbers, also of those that were removed. */
export async function typeNames(db: Database, tenant: Tenant): Promise<ReadonlyMap<number, string>> {
  const { registry } = await readDialect(db, tenant);
  const names = new Map(await everyTypeName(db, tenant.id));
  for (const { number, name } of registry.types) names.set(number, name);
  return names;
}

function shown(event: ListedEvent, names: ReadonlyMap<number, string>): JsonObject {
  const { id, at, kind, typeNumber, resourceId, attributes, actor, requestId, detail, seal } = event;
  const administration = typeNumber === ADMINISTRATION;
  return {
    id,
    at: at.toISOString(),
    kind,
    resourceType: administration ? null : (names.get(typeNumber) ?? String(typeNumber)),
    resource: resourceId,
    ...(administration ? {} : { version: versions(event) }),
    attributes: [...attributes],
    actor,
    request: requestId,
    ...(detail === null ? {} : { detail: parseJson(detail) }),
    seal,
  };
}

/** A change makes one version of the one before it (RFC 7644 §3.14), so that one number tells both. */
function versions({ kind, version }: ListedEvent): JsonObject {
  if (kind === 'create') return { before: null, after: version };
  if (kind === 'delete') return { before: version, after: null };
  const moved = kind === 'put' || kind === 'patch' || kind === 'activate' || kind === 'deactivate';
  return { before: moved ? version - 1 : version, after: version };
}

function orderAsked(text: string | undefined): 'newest' | 'oldest' {
  if (text === undefined || text === 'newest' || text === 'oldest') return text ?? 'newest';
  throw invalidParameter(`The order is "${abridged(text)}"; send newest or oldest, which then comes first.`);
}

function kindAsked(text: string): string {
  if (EVENT_KINDS.includes(text)) return text;
  throw invalidParameter(`There is no kind "${abridged(text)}" of event; the kinds are ${EVENT_KINDS.join(', ')}.`);
}

function actorAsked(text: string): string {
  if (text === 'operator' || text === 'server' || (text.startsWith('credential:') && !unstorable(text))) return text;
  throw invalidParameter(
    `"${abridged(text)}" is no actor; send operator, server, or credential: and the prefix of a token.`,
  );
}
