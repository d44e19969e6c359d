import { PGlite } from '@electric-sql/pglite';

/**
 * How the embedded engine is started. It clears all of its shared memory at the start, so that 128 MB of buffers, which is
 * the default, cost every process a fifth of a second and the memory; the system caches the same pages once more anyway.
 * It serves one connection, and keeps room for a hundred by default. The log may grow as usual between checkpoints, though
 * the snapshot's segments are small.
 */
export const START_PARAMETERS: string[] = [
  ...PGlite.defaultStartParams,
  ...['shared_buffers=16MB', 'max_connections=5', 'max_wal_size=1GB', 'maintenance_work_mem=16MB'].flatMap(
    (setting) => ['-c', setting],
  ),
];
