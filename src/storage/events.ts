import { type SQL, sql } from 'drizzle-orm';
import { instantText } from '../schema/instant-text.ts';
import type { JsonObject } from '../schema/json.ts';
import { jsonTextOf } from '../schema/json-text.ts';
import { type Database, rows } from './handle.ts';
import type { ColumnType } from './listed.ts';
import { type Blanks, prebuilt, type Value } from './prebuilt.ts';

/** What happened, as it is stored. */
export interface EventRow {
  readonly tenantId: string;
  readonly id: string;
  readonly kind: string;
  readonly typeNumber: number;
  readonly resourceId: string;
  readonly version: number;
  readonly attributes: readonly string[];
  readonly actor: string;
  readonly at: Date;
  /** The request that asked for it, where one did. */
  readonly requestId?: string | undefined;
  /** What was administered; events of resources have none. */
  readonly detail?: JsonObject | undefined;
}

// No attribute path holds it: rows of lists don't fit into an array of arrays, which must all be equally long.
const SEPARATOR = '\n';

/** A column of `events`: what it gets of an event, as which type that is sent, and what is made of it there. */
interface EventColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly of: (event: EventRow) => string | number | null;
  readonly stored?: (sent: SQL) => SQL;
}

const GIVEN: readonly EventColumn[] = [
  { name: 'id', type: 'uuid', of: ({ id }) => id },
  { name: 'kind', type: 'text', of: ({ kind }) => kind },
  { name: 'type', type: 'smallint', of: ({ typeNumber }) => typeNumber },
  { name: 'resource_id', type: 'uuid', of: ({ resourceId }) => resourceId },
  { name: 'version', type: 'int', of: ({ version }) => version },
  {
    name: 'attributes',
    type: 'text',
    of: ({ attributes }) => attributes.join(SEPARATOR),
    stored: (sent) => sql`string_to_array(${sent}, ${sql.raw(`E'\\n'`)})`,
  },
  { name: 'actor', type: 'text', of: ({ actor }) => actor },
  { name: 'created_at', type: 'text', of: ({ at }) => instantText(at), stored: (sent) => sql`${sent}::timestamptz` },
  { name: 'request_id', type: 'text', of: ({ requestId }) => requestId ?? null },
  { name: 'detail', type: 'text', of: ({ detail }) => (detail === undefined ? null : jsonTextOf(detail)) },
];

/** Names of the values that `eventsInserted` takes. */
export type EventBlank = `event_${string}`;

const COLUMNS = GIVEN.map((column) => ({ ...column, blank: `event_${column.name}` as const }));

/** The values of events, for a statement that stores them. */
export function eventValues(events: readonly EventRow[]): Record<EventBlank, unknown[]> {
  const values: Record<EventBlank, unknown[]> = {};
  for (const { blank, of } of COLUMNS) values[blank] = events.map(of);
  return values;
}

/** The part of a statement that stores events of the tenant; `which` limits those, by the columns of `e`. */
export function eventsInserted(tenantId: Value, blanks: Blanks<EventBlank>, which: SQL = sql`true`): SQL {
  const names = (of: (column: (typeof COLUMNS)[number]) => SQL) => sql.join(COLUMNS.map(of), sql`, `);
  const named = names(({ name }) => sql.raw(name));
  return sql`insert into events (tenant_id, ${named})
    select ${tenantId}::uuid, ${names(({ name, stored }) => (stored ?? same)(sql.raw(`e.${name}`)))}
    from (select ${names(({ name, blank, type }) => sql`unnest(${blanks[blank]}::${sql.raw(type)}[]) as ${sql.raw(name)}`)}) e
    where ${which}`;
}

const insertion = prebuilt<'tenantId' | EventBlank>((blanks) => eventsInserted(blanks.tenantId, blanks));

/** Stores events of one tenant, in the transaction of the change that they tell of. */
export async function insertEvents(tx: Database, events: readonly EventRow[]): Promise<void> {
  const [first] = events;
  if (first) await rows(tx, insertion({ tenantId: first.tenantId, ...eventValues(events) }));
}

function same(sent: SQL): SQL {
  return sent;
}
