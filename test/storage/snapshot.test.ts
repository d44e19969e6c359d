import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { openStorage } from '../../src/storage/database.ts';
import { MIGRATIONS_FOLDER } from '../../src/storage/migrate.ts';
import { isUpToDate } from '../../src/storage/schema-state.ts';
import { isSnapshotName, makeSnapshot, snapshotName } from '../../src/storage/snapshot.ts';

it('makes a database that is up to date, in a few megabytes', async () => {
  const snapshot = await makeSnapshot();
  expect(snapshot.length).toBeLessThan(4_000_000);
  const storage = await openStorage({ dataDir: 'memory:', snapshot: new Blob([snapshot]) });
  expect(await isUpToDate(storage.db, MIGRATIONS_FOLDER)).toBe(true);
  await storage.close();
});

it('is named by the migrations', () => {
  expect(isSnapshotName(snapshotName())).toBe(true);
  expect(snapshotName()).toBe(snapshotName(MIGRATIONS_FOLDER));
  const other = mkdtempSync(path.join(tmpdir(), 'rollcall-migrations-'));
  cpSync(MIGRATIONS_FOLDER, other, { recursive: true });
  rmSync(path.join(other, '0001_cursor_keys.sql'));
  expect(snapshotName(other)).not.toBe(snapshotName());
  rmSync(other, { recursive: true });
});
