import { fileURLToPath } from 'node:url';
import type { Storage } from './handle.ts';

// src/storage and dist/storage lie equally deep below the package's root.
const MIGRATIONS_FOLDER = fileURLToPath(new URL('../../migrations', import.meta.url));

/** Brings the storage's schema up to date. Harmless when it is, and when several processes do it at once. */
export async function migrate(storage: Storage): Promise<void> {
  await storage.applyMigrations(MIGRATIONS_FOLDER);
}
