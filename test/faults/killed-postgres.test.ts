import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { USER_SCHEMA } from '../../src/schema/urns.ts';
import { openStorage } from '../../src/storage/database.ts';
import { run, start } from '../support/child.ts';
import { startCluster, type TestCluster } from '../support/postgres-cluster.ts';
import { call, makeGroup, startLoad } from './load.ts';
import { prepare, type ServerProcess, serve } from './server.ts';
import { expectAcknowledged, expectWhole } from './whole.ts';

/** Commits are written before they are acknowledged; that they reach the disk matters to a power cut only. */
const DURABLE = ['fsync=off', 'synchronous_commit=on', 'max_connections=60'];
const PEOPLE = 5000;
const CRASHES = 3;
const cluster = await startCluster({ settings: DURABLE });

describe.skipIf(cluster === undefined)('a PostgreSQL of its own (skipped without its binaries)', () => {
  const { url: databaseUrl, crash, restart, stop } = cluster as TestCluster;
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
  });

  async function expectAllWell(load: ReturnType<typeof startLoad>): Promise<void> {
    await expectAcknowledged(server.url, token, groupId, load.expected);
    const storage = await openStorage({ dataDir: 'memory:', databaseUrl });
    await expectWhole(storage.db);
    await storage.close();
  }

  it('loses nothing when it is killed under load, and the server recovers by itself', async () => {
    const load = startLoad({ urls: () => [server.url], token, groupId });
    for (let round = 0; round < CRASHES; round++) {
      await load.acknowledged(40);
      await crash();
      expect((await fetch(`${server.origin}/healthz`)).status).toBe(200);
      await expect.poll(async () => (await fetch(`${server.origin}/readyz`)).status).toBe(503);
      await expect.poll(() => load.statuses.get(503) ?? 0).toBeGreaterThan(0);
      await restart();
      await load.acknowledged(20);
    }
    await load.stop();
    const refusals = [...load.statuses.keys()].filter((status) => status === 0 || status >= 500);
    expect(refusals).toEqual([503]);
    expect(Number([...load.advice][0])).toBeGreaterThan(0);
    expect((await fetch(`${server.origin}/readyz`)).status).toBe(200);
    await expectAllWell(load);
  });

  it('answers in time while every connection waits for a lock, and loses no write of those that waited', async () => {
    const holder = new pg.Client({ connectionString: databaseUrl });
    await holder.connect();
    await holder.query('begin');
    await holder.query('select from resources where id = $1 for update', [groupId]);
    const joining = Array.from({ length: 30 }, (_, index) => {
      const operations = [{ op: 'replace', path: 'displayName', value: `crew ${index}` }];
      const message = { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: operations };
      return call(server.url, token, 'PATCH', `/Groups/${groupId}`, message);
    });
    const others = await Promise.all(Array.from({ length: 5 }, () => call(server.url, token, 'GET', '/Users?count=1')));
    for (const { status, retryAfter } of others) {
      expect([200, 503]).toContain(status);
      if (status === 503) expect(Number(retryAfter)).toBeGreaterThan(0);
    }
    await holder.query('rollback');
    await holder.end();
    const answers = await Promise.all(joining);
    const accepted = answers.filter(({ status }) => status === 200 || status === 204).length;
    expect(answers.filter(({ status }) => ![200, 204, 503].includes(status))).toEqual([]);
    const { body } = await call(server.url, token, 'GET', `/Groups/${groupId}?excludedAttributes=members`);
    const version = Number(/\d+/.exec(String((body.meta as { version?: string }).version))?.[0]);
    const before = 1;
    expect(accepted).toBeGreaterThan(0);
    expect(version).toBeGreaterThanOrEqual(before + accepted);
    expect((await call(server.url, token, 'GET', '/Users?count=1')).status).toBe(200);
  });

  it('goes on with an import amid which it is killed, and keeps one that was told to be complete', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'rollcall-killed-'));
    const [file, errors] = [path.join(folder, 'people.jsonl'), path.join(folder, 'errors.jsonl')];
    const environment = { DATABASE_URL: databaseUrl };
    const people = Array.from({ length: PEOPLE }, (_, index) =>
      JSON.stringify({ schemas: [USER_SCHEMA], id: `p${index}`, userName: `person-${index}` }),
    );
    // The line that is wrong is told of when the first part is committed.
    writeFileSync(file, ['{', ...people].join('\n'));
    await run(['tenant', 'create', 'people', '--profile', 'rfc'], environment);
    const words = ['import', 'people', file, '--errors', errors, '--json'];
    const interrupted = start(words, environment);
    await expect
      .poll(() => existsSync(errors) && statSync(errors).size > 0, { interval: 2, timeout: 20_000 })
      .toBe(true);
    await crash();
    expect((await interrupted.ended).code).not.toBe(0);
    await restart();
    const { out } = await run(words, environment);
    expect(JSON.parse(out)).toEqual({
      import: { lines: PEOPLE + 1, created: PEOPLE, replaced: 0, skipped: 0, problems: 1, resumed: true },
    });
    await crash();
    await restart();
    const exported = await run(['export', 'people', '--type', 'user'], environment);
    const names = exported.out.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line).userName]));
    expect(new Set(names).size).toBe(PEOPLE);
    expect(names).toHaveLength(PEOPLE);
    rmSync(folder, { recursive: true });
  });
});
