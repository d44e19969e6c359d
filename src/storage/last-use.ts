import { and, isNull, lt, or, type SQL } from 'drizzle-orm';
import type { Database } from './handle.ts';
import type { credentials, oauthClients, oauthSecrets } from './tables.ts';

/** How exact the time of the last use is. */
const LAST_USE_MS = 60_000;

/**
 * Notes when the row of the key was used, which was last used then as far as is known here; at most once a minute, so that
 * most requests write nothing.
 */
export async function noteUse(
  db: Database,
  table: typeof credentials | typeof oauthClients | typeof oauthSecrets,
  key: SQL | undefined,
  lastUsedAt: Date | null,
  at: Date,
): Promise<void> {
  const due = new Date(at.getTime() - LAST_USE_MS);
  if (lastUsedAt !== null && lastUsedAt >= due) return;
  await db
    .update(table)
    .set({ lastUsedAt: at })
    .where(and(key, or(isNull(table.lastUsedAt), lt(table.lastUsedAt, due))));
}
