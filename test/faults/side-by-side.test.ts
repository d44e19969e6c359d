import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/schema/json.ts';
import { BULK_REQUEST, USER_SCHEMA } from '../../src/schema/urns.ts';
import { openStorage } from '../../src/storage/database.ts';
import { databases, emptyPostgres } from '../support/database.ts';
import { call, makeGroup, startLoad } from './load.ts';
import { prepare, type ServerProcess, serve } from './server.ts';
import { expectAcknowledged, expectWhole } from './whole.ts';

const postgres = databases().find(({ name }) => name === 'postgres');
const BULK_SIZE = 1000;

describe.skipIf(postgres?.skip !== undefined)('servers on one PostgreSQL', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'rollcall-versions-'));
  let database: { url: string; drop: () => Promise<void> } | undefined;
  let token: string;
  const place = () => ({ databaseUrl: database?.url ?? '' });
  beforeAll(async () => {
    database = await emptyPostgres();
    token = await prepare(place());
  });
  afterAll(async () => {
    await database?.drop();
    rmSync(folder, { recursive: true });
  });

  /** The migrations with one more, as a later version would bring it: migrations add, so that former versions go on. */
  function laterMigrations(): string {
    const later = path.join(folder, 'migrations');
    cpSync('migrations', later, { recursive: true });
    const journalFile = path.join(later, 'meta', '_journal.json');
    const journal = JSON.parse(readFileSync(journalFile, 'utf8')) as { entries: JsonObject[] };
    const last = journal.entries.at(-1);
    journal.entries.push({ ...last, idx: journal.entries.length, when: Number(last?.when) + 1000, tag: '9999_later' });
    writeFileSync(journalFile, JSON.stringify(journal));
    writeFileSync(
      path.join(later, '9999_later.sql'),
      'alter table resources add column later text;--> statement-breakpoint\n' +
        'alter table events add column later int default 7;--> statement-breakpoint\n' +
        'create table later (tenant_id uuid not null, id uuid not null, primary key (tenant_id, id));',
    );
    return later;
  }

  it('go on while a later version brings its schema, and start beside it', async () => {
    const servers: ServerProcess[] = [await serve(place())];
    const groupId = await makeGroup(servers[0]?.url ?? '', token);
    const load = startLoad({ urls: () => servers.map(({ url }) => url), token, groupId });
    await load.acknowledged(30);
    const storage = await openStorage({ dataDir: 'memory:', ...place() });
    await storage.applyMigrations(laterMigrations());
    await load.acknowledged(30);
    servers.push(await serve(place()));
    await load.acknowledged(30);
    await load.stop();
    expect([...load.statuses.keys()].filter((status) => status === 0 || status >= 500)).toEqual([]);
    await expectAcknowledged(servers[1]?.url ?? '', token, groupId, load.expected);
    await expectWhole(storage.db);
    await storage.close();
    expect(await Promise.all(servers.map((server) => server.stop()))).toEqual([0, 0]);
  });

  it('lose nothing of a bulk of a thousand operations when they are told to stop in the middle of it', async () => {
    const server = await serve(place());
    const operations = Array.from({ length: BULK_SIZE }, (_, index) => ({
      method: 'POST',
      path: '/Users',
      bulkId: `b${index}`,
      data: { schemas: [USER_SCHEMA], userName: `bulk-${index}` },
    }));
    const first = call(server.url, token, 'POST', '/Bulk', { schemas: [BULK_REQUEST], Operations: operations });
    await wait(300);
    const code = await server.stop();
    const answer = await first.catch(() => undefined);
    const other = await serve(place());
    const { body } = await call(other.url, token, 'GET', '/Users?filter=userName%20sw%20%22bulk-%22&count=0');
    const statuses = ((answer?.body.Operations ?? []) as JsonObject[]).map(({ status }) => status);
    // A stop waits for requests that are under way, and cuts off what takes longer than its grace: then nothing is promised.
    if (code === 0) expect(statuses).toEqual(Array.from({ length: BULK_SIZE }, () => '201'));
    if (statuses.length > 0) expect(body.totalResults).toBe(BULK_SIZE);
    expect([0, 1]).toContain(code);
    await other.stop();
    const storage = await openStorage({ dataDir: 'memory:', ...place() });
    await expectWhole(storage.db);
    await storage.close();
  });
});
