import type { LoggedRequest } from '../storage/request-log.ts';

/** Most requests that wait to be written; what comes then is counted and not kept. */
export const MAX_QUEUED = 5000;
/** Most characters of requests that wait to be written. */
export const MAX_QUEUED_LENGTH = 16 * 1024 * 1024;
/** Most tenants whose requests that were not kept are counted at a time. */
const MAX_TENANTS_COUNTED = 1000;
/** What a request counts beside its texts. */
const BASE_LENGTH = 500;

/** Why requests were not kept: they came faster than they could be written, too many were refused, or one can't be stored. */
export type MissedWhy = 'queue full' | 'too many refused' | 'not storable';

/** A request that waits to be written. */
export interface Waiting {
  readonly tenantId: string;
  readonly request: LoggedRequest;
  readonly length: number;
  /** Whether the tenant is only what the credential says. */
  readonly claimed: boolean;
}

/** Requests of a tenant that were not kept. */
export interface Missed {
  readonly tenantId: string;
  readonly why: MissedWhy;
  readonly count: number;
}

/** Requests on their way to the log, within bounds, and a count of those for which there was no room. */
export class RequestQueue {
  #waiting: Waiting[] = [];
  #length = 0;
  readonly #missed = new Map<string, Missed>();

  /** Requests that wait. */
  get size(): number {
    return this.#waiting.length;
  }

  /** Whether nothing is to be written: no request, and no count of any. */
  get isEmpty(): boolean {
    return this.#waiting.length === 0 && this.#missed.size === 0;
  }

  /** Adds a request, or counts it where there is no room. */
  add(tenantId: string, request: LoggedRequest, claimed: boolean): void {
    const { path, requestBody, responseBody, details } = request;
    const length = BASE_LENGTH + path.length + requestBody.length + responseBody.length + details.length;
    if (this.#waiting.length >= MAX_QUEUED || this.#length + length > MAX_QUEUED_LENGTH) {
      this.miss(tenantId, 'queue full');
      return;
    }
    this.#waiting.push({ tenantId, request, length, claimed });
    this.#length += length;
  }

  /** Counts requests that are not kept. */
  miss(tenantId: string, why: MissedWhy, count = 1): void {
    const key = `${tenantId} ${why}`;
    const known = this.#missed.get(key);
    if (!known && this.#missed.size >= MAX_TENANTS_COUNTED) return;
    this.#missed.set(key, { tenantId, why, count: (known?.count ?? 0) + count });
  }

  /** The first so many requests, and all counts; they wait no longer. */
  take(most: number): { readonly waiting: readonly Waiting[]; readonly missed: readonly Missed[] } {
    const waiting = this.#waiting.splice(0, most);
    for (const { length } of waiting) this.#length -= length;
    const missed = [...this.#missed.values()];
    this.#missed.clear();
    return { waiting, missed };
  }

  /** Has what could not be written wait again, before all others. */
  putBack(waiting: readonly Waiting[], missed: readonly Missed[]): void {
    this.#waiting = [...waiting, ...this.#waiting];
    for (const { length } of waiting) this.#length += length;
    for (const { tenantId, why, count } of missed) this.miss(tenantId, why, count);
  }
}
