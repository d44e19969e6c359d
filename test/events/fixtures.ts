import { v7 } from 'uuid';
import { sealOf } from '../../src/events/seal.ts';
import type { StoredEvent } from '../../src/storage/event-log.ts';
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

/** Seals of these batches, one after the other. */
export function sealsOf(batches: readonly (readonly StoredEvent[])[]): Seal[] {
  const seals: Seal[] = [];
  for (const events of batches) seals.push(sealOf(TENANT, seals.at(-1), events, SEALED_AT));
  return seals;
}
