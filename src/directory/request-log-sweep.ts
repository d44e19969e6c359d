import type { Storage } from '../storage/database.ts';
import { firstBeyond, hasRequestsUpTo, idAt, sweepRequests, vacuumRequests } from '../storage/request-log.ts';
import { requestLogsOf, type TenantWithLog } from '../storage/tenants.ts';
import type { RequestLogSettings } from './request-log.ts';

/** Time between two sweeps by one process. */
export const SWEEP_SECONDS = 300;
/** Most requests that one transaction deletes. */
export const SWEPT_AT_ONCE = 1000;
/** The size of a tenant's log is looked at again when it may have grown by this part of what it may have. */
const GROWTH_PART = 20;
const DAY_MS = 86_400_000;
const MEGABYTE = 1_000_000;

/** Deletes what is older, or more, than is to be kept. */
export interface RequestLogSweeper {
  /** Notes that so much was written of a tenant, in characters. */
  written(tenantId: string, length: number): void;
  /** One sweep; gives the number of requests that it deleted. */
  sweep(): Promise<number>;
  /** Has a sweep that is under way end soon, and no other begin. */
  stop(): void;
}

/** A sweeper for this storage. Of several processes one sweeps at a time; the others leave it to that one. */
export function createSweeper(
  { db, kind }: Pick<Storage, 'db' | 'kind'>,
  clock: () => Date,
  settings: RequestLogSettings,
): RequestLogSweeper {
  // The size that a tenant's log may have, as it was when its size was last looked at, and the characters written since.
  const looked = new Map<string, { readonly bytes: number; grown: number }>();
  let stopped = false;

  async function sweep(): Promise<number> {
    let deleted = 0;
    for (const tenant of await requestLogsOf(db)) {
      if (stopped) break;
      const { days = settings.days } = tenant.requestLog ?? {};
      deleted += await deleteUpTo(tenant.id, idAt(new Date(clock().getTime() - days * DAY_MS)));
      deleted += await deleteBeyondSize(tenant);
    }
    // The embedded engine has no autovacuum: without this the space of what was deleted is never used again.
    if (deleted > 0 && kind === 'embedded') await vacuumRequests(db);
    return deleted;
  }

  async function deleteBeyondSize({ id, requestLog }: TenantWithLog): Promise<number> {
    const bytes = (requestLog?.megabytes ?? settings.megabytes) * MEGABYTE;
    const last = looked.get(id);
    if (last?.bytes === bytes && last.grown < bytes / GROWTH_PART) return 0;
    looked.set(id, { bytes, grown: 0 });
    const beyond = await firstBeyond(db, id, bytes);
    return beyond === undefined ? 0 : deleteUpTo(id, beyond);
  }

  async function deleteUpTo(tenantId: string, id: string): Promise<number> {
    let deleted = 0;
    if (!(await hasRequestsUpTo(db, tenantId, id))) return deleted;
    for (;;) {
      const batch = await sweepRequests(db, tenantId, id, SWEPT_AT_ONCE);
      deleted += batch;
      if (batch < SWEPT_AT_ONCE || stopped) return deleted;
    }
  }

  return {
    written: (tenantId, length) => {
      const last = looked.get(tenantId);
      if (last) last.grown += length;
    },
    sweep,
    stop: () => {
      stopped = true;
    },
  };
}
