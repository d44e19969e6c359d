import path from 'node:path';
import { PACKAGE_ROOT } from '../package-root.ts';
import { asOwner } from './errors.ts';
import type { Storage } from './handle.ts';
import { isUpToDate } from './schema-state.ts';

/** Where the migrations are. */
export const MIGRATIONS_FOLDER = path.join(PACKAGE_ROOT, 'migrations');

/** Brings the storage's schema up to date. Harmless when it is, and when several processes do it at once. */
export async function migrate(storage: Storage): Promise<void> {
  await asOwner('migrate', async () => {
    // Most starts find it so, and this one query costs them less than the migrator, its lock and the statistics after it.
    if (await isUpToDate(storage.db, MIGRATIONS_FOLDER)) return;
    await storage.applyMigrations(MIGRATIONS_FOLDER);
  });
}
