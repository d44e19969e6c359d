import { v7 } from 'uuid';
import { eventLine, sealOf } from '../../src/events/seal.ts';
import type { EventBatch, StoredEvent } from '../../src/storage/event-log.ts';
import type { Seal } from '../../src/storage/seals.ts';

export const TENANT = '01900000-0000-7000-8000-000000000001';
export const SEALED_AT = new Date('2026-02-01T00:00:10.000Z');

/** An event as it is stored. */
export function storedEvent(more: Partial<StoredEvent> = {}): StoredEvent {
  return {
    id: v7(),
    kind: 'patch',
    typeNumber: 1,
    resourceId: '01900000-0000-7000-8000-0000000000aa',
    version: 2,
    attributes: ['title'],
    actor: 'credential:abcd1234',
    at: new Date('2026-02-01T00:00:00.000Z'),
    requestId: null,
    detail: null,
    ...more,
  };
}

/** These events as the database hands them over to be sealed. */
export function batchOf(events: readonly StoredEvent[]): EventBatch {
  const ids = events.map(({ id }) => id);
  const times = events.map(({ at }) => at.getTime());
  return {
    count: events.length,
    ids: `{${ids.join(',')}}`,
    firstId: ids.at(0) ?? '',
    lastId: ids.at(-1) ?? '',
    firstAt: new Date(Math.min(...times)),
    lastAt: new Date(Math.max(...times)),
    lines: events.map(eventLine).join('\n'),
  };
}

/** Seals of these batches, one after the other. */
export function sealsOf(batches: readonly (readonly StoredEvent[])[]): Seal[] {
  const seals: Seal[] = [];
  for (const events of batches) {
    const { ids: _, ...seal } = sealOf(TENANT, seals.at(-1), batchOf(events), SEALED_AT);
    seals.push({ ...seal, events: events.map(({ id }) => id) });
  }
  return seals;
}
