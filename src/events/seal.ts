import { createHash } from 'node:crypto';
import type { EventBatch, StoredEvent } from '../storage/event-log.ts';
import type { NewSeal, Seal, SealName } from '../storage/seals.ts';

/** What stands for the hash of the seal before in the first one. */
export const NO_SEAL = '0'.repeat(64);

/** What a seal says beside its hash. */
export type SealHead = Pick<Seal, 'tenantId' | 'number' | 'previous' | 'sealedAt'> & { readonly count: number };

/**
 * An event as the one text that is hashed and exported. Never to be changed: keys that come later follow at the end and are
 * left out where there is nothing to tell, so that what was sealed before has the same text as then. `storage/event-log.ts`
 * makes the same of many events at once.
 */
export function eventLine(event: StoredEvent): string {
  const { id, at, kind, typeNumber, resourceId, version, attributes, actor, requestId, detail } = event;
  const told = JSON.stringify({
    event: id,
    at: at.toISOString(),
    kind,
    type: typeNumber,
    resource: resourceId,
    version,
    attributes,
    actor,
    ...(requestId === null ? {} : { request: requestId }),
  });
  // As it is stored, which is one line of JSON: another reading and writing of it could only change it.
  return detail === null ? told : `${told.slice(0, -1)},"detail":${detail}}`;
}

/** What a seal says beside its hash, as the text that is hashed before the events. */
export function sealHeadLine({ tenantId, number, previous, count, sealedAt }: SealHead): string {
  return JSON.stringify({ seal: number, tenant: tenantId, previous, count, sealedAt: sealedAt.toISOString() });
}

/** A seal as it is exported, before the lines of its events. */
export function sealLine({ hash, ...head }: SealHead & Pick<Seal, 'hash'>): string {
  return `${sealHeadLine(head).slice(0, -1)},"hash":"${hash}"}`;
}

/** The hash of a seal that is fed its lines one by one. */
export interface SealHash {
  add(lines: readonly string[]): void;
  hex(): string;
}

/** SHA-256 over the line of the head and those of the events, each with a line feed at its end. */
export function sealHashOf(headLine: string): SealHash {
  const hash = createHash('sha256').update(`${headLine}\n`);
  return {
    // The empty text at the end stands for the last line feed: what is put together with `+` is copied once more.
    add: (lines) => hash.update([...lines, ''].join('\n')),
    hex: () => hash.digest('hex'),
  };
}

/** The seal of these events after the last one of the tenant. */
export function sealOf(
  tenantId: string,
  last: SealName | undefined,
  { count, lines, ...about }: EventBatch,
  sealedAt: Date,
): NewSeal {
  const head = { tenantId, number: (last?.number ?? 0) + 1, previous: last?.hash ?? NO_SEAL, sealedAt };
  const hash = sealHashOf(sealHeadLine({ ...head, count }));
  hash.add([lines]);
  return { ...head, ...about, hash: hash.hex() };
}

/** The hash that a seal of these events has. */
export function hashOf(head: SealHead, events: readonly StoredEvent[]): string {
  const hash = sealHashOf(sealHeadLine(head));
  // At once: to hand over a line costs as much as to hash it.
  if (events.length > 0) hash.add(events.map(eventLine));
  return hash.hex();
}
