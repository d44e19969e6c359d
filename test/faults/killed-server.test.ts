import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStorage } from '../../src/storage/database.ts';
import { databases, emptyPostgres } from '../support/database.ts';
import { makeGroup, startLoad } from './load.ts';
import { prepare, type ServerProcess, serve } from './server.ts';
import { expectAcknowledged, expectWhole } from './whole.ts';

const KILLS = 4;
const postgres = databases().find(({ name }) => name === 'postgres');

describe.skipIf(postgres?.skip !== undefined)('kill -9 of one of two servers on PostgreSQL under load', () => {
  let database: { url: string; drop: () => Promise<void> } | undefined;
  beforeAll(async () => {
    database = await emptyPostgres();
  });
  afterAll(() => database?.drop());

  it('loses nothing that was acknowledged and leaves nothing in part', async () => {
    const place = { databaseUrl: database?.url ?? '' };
    const token = await prepare(place);
    const servers: ServerProcess[] = await Promise.all([serve(place), serve(place)]);
    const groupId = await makeGroup(servers[0]?.url ?? '', token);
    const load = startLoad({ urls: () => servers.map(({ url }) => url), token, groupId });
    await load.acknowledged(50);
    for (let round = 0; round < KILLS; round++) {
      const victim = servers[round % 2];
      await victim?.kill();
      await load.acknowledged(20);
      servers[round % 2] = await serve(place);
      await load.acknowledged(20);
    }
    await load.stop();
    expect([...load.statuses.keys()].filter((status) => status >= 500)).toEqual([]);
    expect(load.statuses.get(0)).toBeGreaterThan(0);
    await expectAcknowledged(servers[0]?.url ?? '', token, groupId, load.expected);
    expect(await Promise.all(servers.map((server) => server.stop()))).toEqual([0, 0]);
    const storage = await openStorage({ dataDir: 'memory:', ...place });
    await expectWhole(storage.db);
    await storage.close();
  });
});
