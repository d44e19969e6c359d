import { createHash } from 'node:crypto';
import { makeRoom } from '../../storage/make-room.ts';

/** Failures to authenticate as one client, from one address, after which it has to wait. */
export const MAX_FAILURES = 10;
/** For how long failures count, and for how long those beyond the limit have to wait at most. */
export const FAILURE_WINDOW_SECONDS = 60;
/** Most clients and addresses whose failures a process remembers at a time. */
export const FAILURES_SIZE = 10_000;

/** Counts failures to authenticate. */
export interface FailureLimit {
  /** Seconds to wait before the next attempt; 0 for none. */
  waitFor(address: string, clientId: string): number;
  /** Counts a failure. */
  count(address: string, clientId: string): void;
}

/**
 * A limit for this process. It goes by client and address: by the address alone, the clients behind one proxy would stop
 * each other, and by the client alone, anybody anywhere could.
 */
export function createFailureLimit(clock: () => Date, size: number = FAILURES_SIZE): FailureLimit {
  const windows = new Map<string, { readonly endsAt: number; failures: number }>();
  const keyOf = (address: string, clientId: string) =>
    createHash('sha256').update(`${address}\n${clientId}`).digest('base64url');
  return {
    waitFor(address, clientId) {
      const window = windows.get(keyOf(address, clientId));
      const left = (window?.endsAt ?? 0) - clock().getTime();
      return window && window.failures >= MAX_FAILURES && left > 0 ? Math.ceil(left / 1000) : 0;
    },
    count(address, clientId) {
      const key = keyOf(address, clientId);
      const now = clock().getTime();
      const known = windows.get(key);
      if (known && known.endsAt > now) {
        known.failures += 1;
        return;
      }
      windows.delete(key);
      makeRoom(windows, size);
      windows.set(key, { endsAt: now + FAILURE_WINDOW_SECONDS * 1000, failures: 1 });
    },
  };
}
