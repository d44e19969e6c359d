import type { Kept, RequestLogRules } from '../profiles/request-log.ts';
import type { Quirk } from '../protocol/quirks/quirks.ts';
import { isUnavailable } from '../storage/errors.ts';
import { insertRequests } from '../storage/insert-requests.ts';
import { makeRoom } from '../storage/make-room.ts';
import type { LoggedRequest } from '../storage/request-log.ts';
import { requestLogsOf } from '../storage/tenants.ts';
import type { Context } from './context.ts';
import { createRequestIds } from './request-ids.ts';
import { type Missed, type MissedWhy, RequestQueue, type Waiting } from './request-queue.ts';

/** Most requests in one statement. */
export const MAX_IN_STATEMENT = 100;
/** Most requests of a tenant that are kept of those whose credential was refused, by one process in a minute. */
export const MAX_REFUSED_PER_MINUTE = 60;
/** Time from an answer to its row, where nothing hinders. */
export const WRITE_AFTER_MS = 500;
/** Time until the next attempt when the database was out of reach. */
const RETRY_AFTER_MS = 5000;
/** Most tenants whose refused requests are counted at a time. */
const MAX_TENANTS_COUNTED = 1000;
const MINUTE_MS = 60_000;

/** What is kept of requests where a tenant says nothing else. */
export interface RequestLogSettings {
  readonly keep: Kept;
  readonly days: number;
  readonly megabytes: number;
}

/** The rest of what is kept of a request; keys that are missing have nothing to say. */
export interface RequestDetails {
  readonly request?: MessageDetails;
  readonly response?: MessageDetails;
  readonly changes?: readonly ChangeDetails[];
  /** Changes that were too many to be named. */
  readonly moreChanges?: number;
  readonly quirks?: readonly { readonly name: Quirk; readonly path?: string }[];
  /** The credential was refused: what it says of itself is all that is known of who it was. */
  readonly unauthenticated?: true;
  readonly why?: MissedWhy;
}

/** What is kept of a message beside its body. */
export interface MessageDetails {
  readonly headers?: Readonly<Record<string, string>>;
  /** Length of the body as it was sent. */
  readonly bytes?: number;
  /** The body is only the beginning of what was sent. */
  readonly cut?: true;
  /** Why there is no body although one was sent. */
  readonly without?: string;
}

/** A resource that a request changed. */
export interface ChangeDetails {
  readonly kind: string;
  readonly type: string;
  readonly id: string;
  /** After the change; of a deleted resource the last. */
  readonly version: number;
  readonly attributes: readonly string[];
}

/** Keeps requests, off the path of their answers. */
export interface RequestLog {
  /** An id for a request that is answered now. */
  readonly newId: () => string;
  readonly clock: () => Date;
  /** How much is kept of a tenant's requests. */
  keptOf(tenant: { readonly requestLog?: RequestLogRules | undefined }): Kept;
  /** Keeps a request, if there is room for it. */
  add(tenantId: string, request: LoggedRequest): void;
  /** Keeps a request whose credential was refused, if there is the tenant that the credential names. */
  addRefused(tenantId: string, request: LoggedRequest): void;
  /** Writes what waits. */
  flush(): Promise<void>;
  /** Writes what waits, for the last time. */
  close(): Promise<void>;
}

/** Who hears of what happens in the background. */
export interface RequestLogEvents {
  readonly warn: (error: unknown, message: string) => void;
  /** So much was written of a tenant, in characters. */
  readonly written?: (tenantId: string, length: number) => void;
}

/** A log that writes to the database in batches, soon after the answers. */
export function createRequestLog(
  { db, clock, newId: newUuid }: Pick<Context, 'db' | 'clock' | 'newId'>,
  settings: Pick<RequestLogSettings, 'keep'>,
  { warn, written }: RequestLogEvents,
): RequestLog {
  const queue = new RequestQueue();
  const newId = createRequestIds(clock, newUuid);
  const refused = new Map<string, { readonly minute: number; count: number }>();
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let isAway = false;

  function writeAfter(milliseconds: number): void {
    timer ??= setTimeout(() => {
      timer = undefined;
      void begin();
    }, milliseconds).unref();
  }

  function add(tenantId: string, request: LoggedRequest, claimed: boolean): void {
    queue.add(tenantId, request, claimed);
    // What fills a statement has nothing to wait for, and what waits long outlives collections of garbage, which then copy it.
    if (queue.size === MAX_IN_STATEMENT && !isAway) setImmediate(() => void begin());
    writeAfter(WRITE_AFTER_MS);
  }

  /** Whether a minute has room for one more refused request of the tenant. */
  function takesRefused(tenantId: string): boolean {
    const minute = Math.floor(clock().getTime() / MINUTE_MS);
    const known = refused.get(tenantId);
    const counter = known?.minute === minute ? known : { minute, count: 0 };
    if (counter !== known) {
      makeRoom(refused, MAX_TENANTS_COUNTED);
      refused.set(tenantId, counter);
    }
    counter.count += 1;
    return counter.count <= MAX_REFUSED_PER_MINUTE;
  }

  /** Writes what waits now. What comes meanwhile waits until it fills a statement, or for its own time: else each would have one. */
  async function drain(): Promise<void> {
    let due = queue.size;
    do {
      const { waiting, missed } = queue.take(MAX_IN_STATEMENT);
      if (waiting.length === 0 && missed.length === 0) return;
      due -= waiting.length;
      const left = new Map(byTenant(waiting, missed));
      try {
        for (const [tenantId, own] of await logged(left)) {
          await write(tenantId, own);
          left.delete(tenantId);
        }
      } catch (error) {
        // The database is away: what is left waits, and what comes then as far as there is room.
        const parts = [...left.values()];
        queue.putBack(
          parts.flatMap((own) => own.waiting),
          parts.flatMap((own) => own.missed),
        );
        warn(error, 'requests are not logged for now');
        isAway = true;
        writeAfter(RETRY_AFTER_MS);
        return;
      }
      isAway = false;
    } while (due > 0 || queue.size >= MAX_IN_STATEMENT);
    clearTimeout(timer);
    timer = undefined;
    if (!queue.isEmpty) writeAfter(WRITE_AFTER_MS);
  }

  /** Without what belongs to nobody: a refused credential may name any tenant, or one that keeps nothing. */
  async function logged(parts: ReadonlyMap<string, Part>): Promise<[string, Part][]> {
    const doubted = [...parts].filter(([, own]) => own.missed.length > 0 || own.waiting.some(({ claimed }) => claimed));
    const known = await requestLogsOf(
      db,
      doubted.map(([tenantId]) => tenantId),
    );
    const kept = new Set(known.filter((tenant) => keptOf(tenant) !== 'off').map(({ id }) => id));
    const refusedOnes = new Set(doubted.map(([tenantId]) => tenantId).filter((tenantId) => !kept.has(tenantId)));
    return [...parts].filter(([tenantId]) => !refusedOnes.has(tenantId));
  }

  async function write(tenantId: string, { waiting, missed }: Part): Promise<void> {
    const requests = [...waiting.map(({ request }) => request), ...missed.map((one) => noteOf(one, newId(), clock()))];
    try {
      await insertRequests(db, tenantId, requests);
    } catch (error) {
      if (isUnavailable(error)) throw error;
      // Something in it can't be stored; it must not keep all others from being stored for ever.
      warn(error, 'requests can not be logged');
      // A count of these comes into the log instead; where that can't be stored either, nothing can.
      if (waiting.length > 0) queue.miss(tenantId, 'not storable', waiting.length);
      return;
    }
    written?.(
      tenantId,
      waiting.reduce((sum, { length }) => sum + length, 0),
    );
  }

  function begin(): Promise<void> {
    running ??= drain().finally(() => {
      running = undefined;
    });
    return running;
  }

  async function flush(): Promise<void> {
    // What is being written may have left some behind.
    await running;
    await begin();
  }

  function keptOf(tenant: { readonly requestLog?: RequestLogRules | undefined }): Kept {
    return settings.keep === 'off' ? 'off' : (tenant.requestLog?.keep ?? settings.keep);
  }

  return {
    newId,
    clock,
    keptOf,
    add: (tenantId, request) => add(tenantId, request, false),
    addRefused: (tenantId, request) => {
      if (takesRefused(tenantId)) return add(tenantId, request, true);
      queue.miss(tenantId, 'too many refused');
      writeAfter(WRITE_AFTER_MS);
    },
    flush,
    close: async () => {
      do await flush();
      while (!queue.isEmpty && !isAway);
      clearTimeout(timer);
      if (queue.size > 0) warn(undefined, `${queue.size} requests are not logged, since the database is out of reach`);
    },
  };
}

/** What of a batch belongs to one tenant. */
interface Part {
  readonly waiting: Waiting[];
  readonly missed: Missed[];
}

function byTenant(waiting: readonly Waiting[], missed: readonly Missed[]): Map<string, Part> {
  const parts = new Map<string, Part>();
  const partOf = (tenantId: string) => {
    const part = parts.get(tenantId) ?? { waiting: [], missed: [] };
    parts.set(tenantId, part);
    return part;
  };
  for (const one of waiting) partOf(one.tenantId).waiting.push(one);
  for (const one of missed) partOf(one.tenantId).missed.push(one);
  return parts;
}

/** The entry that tells of requests which are not in the log. */
function noteOf({ why, count }: Missed, id: string, at: Date): LoggedRequest {
  const details: RequestDetails = { why };
  return {
    id,
    at,
    requestId: '',
    credential: '',
    method: '',
    path: '',
    route: '',
    status: 0,
    scimType: '',
    microseconds: 0,
    subjects: [],
    requestBody: '',
    responseBody: '',
    details: JSON.stringify(details),
    missed: count,
  };
}
