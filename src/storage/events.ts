import type { Database } from './handle.ts';
import { events as table } from './tables.ts';

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
}

// A statement has at most 65,535 parameters, and a row takes nine of them.
const ROWS_IN_STATEMENT = 1_000;

/** Stores the events, in the transaction of the change that they tell of. */
export async function insertEvents(tx: Database, events: readonly EventRow[]): Promise<void> {
  for (let start = 0; start < events.length; start += ROWS_IN_STATEMENT) {
    const part = events.slice(start, start + ROWS_IN_STATEMENT);
    await tx.insert(table).values(
      part.map(({ typeNumber, at, attributes, ...event }) => ({
        ...event,
        type: typeNumber,
        attributes: [...attributes],
        createdAt: at,
      })),
    );
  }
}
