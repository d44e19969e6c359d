import { setTimeout as wait } from 'node:timers/promises';
import type { Context } from '../directory/context.ts';
import { MAX_REQUESTS, type RequestsAsked, requestsAsked } from '../directory/request-log-listing.ts';
import type { Tenant } from '../directory/tenants.ts';
import type { JsonObject } from '../schema/json.ts';
import { jsonTextOf } from '../schema/json-text.ts';
import { idAt, timeOf } from '../storage/request-log.ts';
import { lineOf } from './log-lines.ts';
import type { Terminal } from './terminal.ts';

/** Time between two looks at the log. */
const LOOK_EVERY_MS = 1000;
/** So far back each look goes: processes write in batches, and their clocks differ. */
const LOOK_BACK_MS = 10_000;

/** What is followed. */
export interface Following {
  readonly context: Context;
  readonly tenant: Tenant;
  readonly filters: Pick<RequestsAsked, 'since' | 'until' | 'status' | 'user' | 'credential' | 'text'>;
  readonly json: boolean;
}

/** Prints requests, first those that are known, then each that comes, until the terminal is stopped. */
export async function follow(terminal: Terminal, following: Following, known: readonly JsonObject[]): Promise<void> {
  const { context, tenant, filters, json } = following;
  const printed = new Set<string>();
  let newest = context.clock();
  const print = (request: JsonObject) => {
    const id = String(request.id);
    if (printed.has(id)) return;
    printed.add(id);
    if (timeOf(id) > newest) newest = timeOf(id);
    terminal.out(`${json ? jsonTextOf(request) : lineOf(request)}\n`);
  };
  for (const request of known) print(request);
  while (!terminal.stopped?.aborted) {
    const from = idAt(new Date(newest.getTime() - LOOK_BACK_MS));
    for (const id of printed) if (id < from) printed.delete(id);
    let after: string | null = from;
    while (after !== null) {
      const page = await requestsAsked(context, tenant, { ...filters, after, limit: String(MAX_REQUESTS) });
      for (const request of page.requests as JsonObject[]) print(request);
      after = page.next as string | null;
    }
    await wait(LOOK_EVERY_MS, undefined, terminal.stopped ? { signal: terminal.stopped } : {}).catch(() => {});
  }
}
