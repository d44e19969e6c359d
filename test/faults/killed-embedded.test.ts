import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { openStorage } from '../../src/storage/database.ts';
import { makeGroup, startLoad } from './load.ts';
import { prepare, serve } from './server.ts';
import { expectAcknowledged, expectWhole } from './whole.ts';

const EMBEDDED_ROUNDS = 20;

describe('kill -9 of an embedded server at a random point', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'rollcall-killed-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it(`loses nothing that was acknowledged, ${EMBEDDED_ROUNDS} times`, { timeout: 900_000 }, async () => {
    const place = { dataDir: path.join(folder, 'data') };
    const token = await prepare(place);
    let server = await serve(place);
    const groupId = await makeGroup(server.url, token);
    const load = startLoad({ urls: () => [server.url], token, groupId, workers: 4 });
    for (let round = 0; round < EMBEDDED_ROUNDS; round++) {
      await load.acknowledged(3);
      await wait(Math.random() * 100);
      await server.kill();
      server = await serve(place);
    }
    await load.acknowledged(5);
    await load.stop();
    expect([...load.statuses.keys()].filter((status) => status >= 500)).toEqual([]);
    await expectAcknowledged(server.url, token, groupId, load.expected);
    expect(await server.stop()).toBe(0);
    const storage = await openStorage(place);
    await expectWhole(storage.db);
    await storage.close();
  });
});
