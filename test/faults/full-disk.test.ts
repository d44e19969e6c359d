import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStorage } from '../../src/storage/database.ts';
import { startCluster, type TestCluster } from '../support/postgres-cluster.ts';
import { makeGroup, startLoad } from './load.ts';
import { prepare, type ServerProcess, serve } from './server.ts';
import { expectAcknowledged, expectWhole } from './whole.ts';

const SETTINGS = ['fsync=off', 'synchronous_commit=on', 'max_connections=40', 'shared_buffers=16MB'];

/** A small file system of its own, where this user may mount one. */
function smallDisk(): string | undefined {
  const folder = mkdtempSync(path.join(tmpdir(), 'rollcall-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=160m,mode=0755', 'tmpfs', folder], { stdio: 'ignore' });
    return folder;
  } catch {
    rmSync(folder, { recursive: true });
    return undefined;
  }
}

const disk = smallDisk();
const cluster = disk === undefined ? undefined : await startCluster({ settings: SETTINGS, parent: disk });

describe.skipIf(cluster === undefined)('a full disk under PostgreSQL (skipped where none can be mounted)', () => {
  const { url: databaseUrl, restart, stop } = cluster as TestCluster;
  const folder = disk as string;
  const filler = path.join(folder, 'filler');
  let token: string;
  let server: ServerProcess;
  let groupId: string;

  beforeAll(async () => {
    token = await prepare({ databaseUrl });
    server = await serve({ databaseUrl });
    groupId = await makeGroup(server.url, token);
  });
  afterAll(async () => {
    await server.stop();
    await stop();
    execFileSync('umount', [folder]);
    rmSync(folder, { recursive: true });
  });

  /** Takes all the room that there is; PostgreSQL may take some of it meanwhile. */
  function fillUp(): void {
    const { bavail, bsize } = statfsSync(folder);
    try {
      writeFileSync(filler, Buffer.alloc(bavail * bsize));
    } catch (error) {
      expect(error).toMatchObject({ code: 'ENOSPC' });
    }
  }

  it('is answered 503, loses nothing, and is over when there is room again', async () => {
    const load = startLoad({ urls: () => [server.url], token, groupId });
    await load.acknowledged(50);
    fillUp();
    await expect.poll(() => load.statuses.get(503) ?? 0, { timeout: 60_000 }).toBeGreaterThan(5);
    rmSync(filler);
    // Where its log could not be written it has stopped, and its supervisor starts it again.
    await restart().catch(() => {});
    await load.acknowledged(30);
    await load.stop();
    expect([...load.statuses.keys()].filter((status) => status === 0 || status >= 500)).toEqual([503]);
    await expectAcknowledged(server.url, token, groupId, load.expected);
    const storage = await openStorage({ dataDir: 'memory:', databaseUrl });
    await expectWhole(storage.db);
    await storage.close();
  });
});
