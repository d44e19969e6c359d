import type { Database } from '../storage/database.ts';
import { makeRoom } from '../storage/make-room.ts';
import { type Counted, reserveRequests, sweepRateWindows } from '../storage/rate-windows.ts';

/** Seconds between two sweeps of a tenant's past windows by one process. */
export const SWEEP_SECONDS = 60;
/** Most subjects whose windows a process remembers at a time. */
export const WINDOWS_SIZE = 10_000;
/** No reservation takes more than this part of what the second has left. */
const LARGEST_PART = 8;

/** What is said of a request. */
export interface Verdict {
  readonly allowed: boolean;
  /** Requests that the second has left, as far as this process knows: others may have reserved since. */
  readonly remaining: number;
  /** Until the next second begins. */
  readonly msLeft: number;
}

/** Counts requests against limits that every process on the database shares. */
export interface RateLimiter {
  /** Counts one more request of the subject, or refuses it. */
  take(counted: Counted, limit: number): Promise<Verdict>;
}

/** What a process holds of a subject's current second. */
interface Window {
  readonly second: number;
  /** On this process's own clock. */
  readonly endsAt: number;
  /** Requests that this process has reserved and not let in yet. */
  spare: number;
  /** Requests that nobody had reserved when this process last asked. */
  free: number;
  /** How many were asked for last. */
  asked: number;
}

/**
 * A limiter that reserves requests of the current second in the database and spends its reservations in memory. The sum of
 * all reservations never passes the limit, so neither does what all processes let in. A process asks for one request
 * first, then for twice as many as the time before, but for no more than an eighth of what is left: what it holds and does
 * not use is lost to the others until the second is over, and must stay small.
 *
 * Windows go by the database's clock. A process learns with each reservation how long its second still lasts and measures
 * that on a clock that never jumps. `at` replaces both clocks in tests.
 */
export function createRateLimiter(db: Database, at?: () => Date): RateLimiter {
  const windows = new Map<string, Window>();
  const pending = new Map<string, Promise<Window>>();
  const sweptAt = new Map<string, number>();
  const now = at ? () => at().getTime() : () => performance.now();

  async function reserve(counted: Counted, limit: number, known: Window | undefined): Promise<Window> {
    const wanted = known ? Math.max(1, Math.min(2 * known.asked, Math.ceil(known.free / LARGEST_PART))) : 1;
    // Before the question: a second that seems to end early costs a question, one that seems to end late breaks the limit.
    const askedAt = now();
    const { second, msLeft, before, granted } = await reserveRequests(db, counted, { limit, wanted }, at?.());
    const free = Math.max(0, limit - before - granted);
    const window = { second, endsAt: askedAt + msLeft, spare: granted, free, asked: wanted };
    // The second may still be that of the window before, which ended early here; what is left there moves over.
    const held = windows.get(counted.subject);
    if (held?.second === second) window.spare += held.spare;
    if (held) held.spare = 0;
    remember(counted.subject, window);
    await sweep(counted.tenantId, second);
    return window;
  }

  function remember(subject: string, window: Window): void {
    // To be the youngest of the map, whose first key is thrown away when it is full.
    windows.delete(subject);
    makeRoom(windows, WINDOWS_SIZE);
    windows.set(subject, window);
  }

  async function sweep(tenantId: string, second: number): Promise<void> {
    const last = sweptAt.get(tenantId);
    if (last !== undefined && second < last + SWEEP_SECONDS) return;
    makeRoom(sweptAt, WINDOWS_SIZE);
    sweptAt.set(tenantId, second);
    await sweepRateWindows(db, tenantId, second);
  }

  /** One reservation at a time for each subject: whoever needs one meanwhile waits for it. */
  function reserved(counted: Counted, limit: number, known: Window | undefined): Promise<Window> {
    const { subject } = counted;
    const underWay = pending.get(subject);
    if (underWay) return underWay;
    const started = reserve(counted, limit, known).finally(() => pending.delete(subject));
    pending.set(subject, started);
    return started;
  }

  return {
    async take(counted, limit) {
      const known = windows.get(counted.subject);
      let window = known && known.endsAt > now() ? known : undefined;
      for (;;) {
        // Whoever waited for a reservation counts in its second, even where that has ended meanwhile.
        if (window && window.spare > 0) {
          window.spare -= 1;
          return verdict(true, window);
        }
        if (window && window.free === 0) return verdict(false, window);
        window = await reserved(counted, limit, window);
      }
    },
  };

  function verdict(allowed: boolean, { spare, free, endsAt }: Window): Verdict {
    return { allowed, remaining: spare + free, msLeft: Math.max(0, endsAt - now()) };
  }
}
