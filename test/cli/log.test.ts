import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { createRequestIds } from '../../src/directory/request-ids.ts';
import type { JsonObject } from '../../src/schema/json.ts';
import { openStorage } from '../../src/storage/database.ts';
import { insertRequests } from '../../src/storage/insert-requests.ts';
import type { LoggedRequest } from '../../src/storage/request-log.ts';
import { runCommand } from '../support/command-line.ts';
import { emptyPostgres } from '../support/database.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'rollcall-log-'));
afterAll(() => rmSync(folder, { recursive: true }));
const EMBEDDED = { DATA_DIR: path.join(folder, 'data') };

const ids = createRequestIds(() => new Date(), randomUUID);
const USER = '01a1fe06-ce3c-700f-b531-3023380e835e';

function request(given: Partial<LoggedRequest>): LoggedRequest {
  return {
    id: ids(),
    at: new Date(),
    requestId: randomUUID(),
    credential: '5rk0c2wq',
    method: 'GET',
    path: '/scim/v2/Users',
    route: '/scim/v2/Users',
    status: 200,
    scimType: '',
    microseconds: 12_345,
    subjects: [],
    requestBody: '',
    responseBody: '',
    details: '{}',
    missed: 0,
    ...given,
  };
}

const run = (environment: Record<string, string>, words: readonly string[], stopped?: AbortSignal) =>
  runCommand(environment, words, stopped && { stopped });

const embedded = (...words: string[]) => run(EMBEDDED, words);

async function json(...words: string[]): Promise<JsonObject> {
  const { code, out, err } = await embedded(...words, '--json');
  expect([code, err]).toEqual([0, '']);
  return JSON.parse(out) as JsonObject;
}

describe('the command log', () => {
  const made = request({
    method: 'POST',
    status: 201,
    subjects: [USER, 'grace@example.com'],
    requestBody: '{"userName":"grace\\u001b[2J@example.com","shoeSize":1234567890123456789}',
    details: JSON.stringify({
      request: { headers: { 'user-agent': 'Okta\u001b[31m' }, bytes: 70 },
      response: { headers: { etag: 'W/"1"' } },
      changes: [{ kind: 'create', type: 'User', id: USER, version: 1, attributes: ['userName', 'active'] }],
      quirks: [{ name: 'booleanStrings', path: 'active' }, { name: 'operationCase' }],
    }),
  });
  const failed = request({ status: 409, scimType: 'uniqueness', credential: 'other123' });
  const note = request({ missed: 4, details: '{"why":"queue full"}' });
  beforeAll(async () => {
    const { tenant } = (await json('tenant', 'create', 'acme', '--profile', 'rfc')) as { tenant: { id: string } };
    const storage = await openStorage({ dataDir: EMBEDDED.DATA_DIR });
    await insertRequests(storage.db, tenant.id, [made, failed, note]);
    await storage.close();
  });

  it('prints a line each, the newest last', async () => {
    const { code, out } = await embedded('log', 'acme');
    expect(code).toBe(0);
    expect(out.split('\n')).toEqual([
      `${made.at.toISOString()}  201  POST  /scim/v2/Users  12 ms  5rk0c2wq  changed create User ${USER} v1 (userName, active)  tolerated booleanStrings active; operationCase  ${made.id}`,
      `${failed.at.toISOString()}  409  GET  /scim/v2/Users  uniqueness  12 ms  other123  ${failed.id}`,
      `${note.at.toISOString()} 4 requests were not kept: queue full`,
      '',
    ]);
  });

  it('finds by what is asked for, as one document where that is wanted', async () => {
    const found = async (...words: string[]) =>
      ((await json('log', 'list', 'acme', ...words)).requests as JsonObject[]).map(({ id }) => id);
    expect(await found('--status', '4xx', '--credential', 'other123', '--limit', '1')).toEqual([failed.id]);
    expect(await found('--user', 'Grace@example.com', '--since', '1h', '--text', 'SHOESIZE')).toEqual([made.id]);
    expect((await embedded('log', 'acme', '--text', 'nothing')).out).toBe('There is no such request.\n');
    expect((await embedded('log', 'acme', '--limit', '2')).out).toMatch(/^There are older ones.*\n.*\n.*\n$/);
    expect(await embedded('log', 'acme', '--limit', 'x')).toMatchObject({
      code: 1,
      err: expect.stringContaining('The limit is "x"'),
    });
  });

  it('shows one whole, with nothing in it that steers the terminal', async () => {
    const { out } = await embedded('log', 'show', 'acme', made.id);
    expect(out).toMatch(/^status +201$/m);
    expect(out).toMatch(/^tolerated +booleanStrings active$/m);
    expect(out).toContain('user-agent: Okta\ufffd[31m');
    expect(out).toContain('"shoeSize":1234567890123456789');
    expect(out).not.toContain('\u001b');
    expect(await embedded('log', 'show', 'acme', USER)).toMatchObject({
      code: 1,
      err: expect.stringContaining('no request'),
    });
  });

  it('says and shows how much is kept', async () => {
    const rules = { keep: 'headers', redact: ['name.familyName', 'emails'], days: 3, megabytes: null };
    const words = ['--keep', 'headers', '--redact', 'name.familyname', '--redact', 'emails', '--days', '3'];
    expect((await json('log', 'set', 'acme', ...words)).requestLog).toEqual(rules);
    expect((await embedded('log', 'settings', 'acme')).out).toMatch(/^redact +name\.familyName, emails$/m);
    expect((await json('log', 'reset', 'acme')).requestLog).toEqual({
      keep: null,
      redact: [],
      days: null,
      megabytes: null,
    });
    expect(await embedded('log', 'set', 'acme', '--days', 'many')).toMatchObject({
      code: 1,
      err: expect.stringContaining('days is'),
    });
  });

  it('takes nothing back where a command says nothing', async () => {
    await json('log', 'set', 'acme', '--redact', 'emails');
    const { code, err } = await embedded('log', 'set', 'acme');
    expect([code, err]).toEqual([2, expect.stringMatching(/--keep.*--redact.*--days.*--megabytes.*log reset/)]);
    expect((await json('log', 'settings', 'acme')).requestLog).toMatchObject({ redact: ['emails'] });
    await json('log', 'reset', 'acme');
  });

  it('follows no embedded database, and says what does', async () => {
    const { code, err } = await embedded('log', 'acme', '--follow');
    expect([code, err]).toEqual([1, expect.stringContaining('GET /admin/tenants/acme/requests?after=')]);
  });

  it('clears', async () => {
    expect((await embedded('log', 'clear', 'acme')).out).toBe('Deleted 3 requests of acme.\n');
  });
});

it('log --follow prints what was there, and what comes from whichever process', async ({ skip }) => {
  const database = await emptyPostgres();
  if (!database) return skip('there is no PostgreSQL');
  const environment = { DATABASE_URL: database.url };
  try {
    const created = await run(environment, ['tenant', 'create', 'acme', '--profile', 'rfc', '--json']);
    const { tenant } = JSON.parse(created.out) as { tenant: { id: string } };
    const storage = await openStorage({ databaseUrl: database.url, dataDir: 'memory:' });
    const add = async (path: string, status: number, id = ids()) =>
      insertRequests(storage.db, tenant.id, [request({ path, status, id })]);
    const late = ids();
    await add('/first', 404);
    const stop = new AbortController();
    let out = '';
    const following = main(['log', 'acme', '--follow', '--status', '4xx', '--json'], {
      environment,
      out: (text) => {
        out += text;
      },
      err: () => {},
      stopped: stop.signal,
    });
    const printed = () =>
      out
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => (JSON.parse(line) as JsonObject).path);
    await expect.poll(printed, { timeout: 20_000 }).toEqual(['/first']);
    await add('/second', 409);
    await add('/other', 200);
    // One that another process answered before and wrote only now.
    await add('/late', 400, late);
    await expect.poll(printed, { timeout: 20_000 }).toEqual(expect.arrayContaining(['/first', '/second', '/late']));
    stop.abort();
    expect(await following).toBe(0);
    expect(printed()).toHaveLength(3);
    await storage.close();
  } finally {
    await database.drop();
  }
});
