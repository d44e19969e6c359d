import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/schema/json.ts';
import { runCommand } from '../support/command-line.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'rollcall-tasks-'));
afterAll(() => rmSync(folder, { recursive: true }));

const run = (...words: string[]) => runCommand({ DATA_DIR: path.join(folder, 'data') }, words);

async function json(...words: string[]): Promise<JsonObject> {
  const { code, out, err } = await run(...words, '--json');
  expect([code, err]).toEqual([0, '']);
  return JSON.parse(out);
}

describe('the commands for tasks', () => {
  let id: string;
  beforeAll(async () => {
    const { tenant } = await json(
      'tenant',
      'create',
      'acme',
      '--profile',
      'payhawk',
      '--provisioning',
      'manual',
      '--owner',
      'ada@example.com',
    );
    expect(tenant).toMatchObject({ provisioning: 'manual', pendingDeprovisioning: { count: 0 } });
    const [task] = (await json('task', 'list', 'acme')).tasks as JsonObject[];
    id = String(task?.id);
  });

  it('list and show', async () => {
    expect((await run('task', 'list', 'acme', '--status', 'open')).out).toMatch(
      new RegExp(`^ID +KIND +STATUS +USER +CLAIMED BY +CREATED\\n${id} +provision +open +ada@example\\.com`),
    );
    expect((await run('task', 'list', 'acme', '--kind', 'deprovision')).out).toBe('There is no such task.\n');
    const { out } = await run('task', 'show', 'acme', id);
    expect(out).toMatch(/^status +open$/m);
    expect(out).toMatch(/^userName +null -> "ada@example\.com"$/m);
    expect((await json('task', 'show', 'acme', id)).task).toMatchObject({ id, kind: 'provision' });
  });

  it('claim, release and finish', async () => {
    expect((await json('task', 'claim', 'acme', id, '--who', 'Ada')).task).toMatchObject({ claimedBy: 'Ada' });
    const other = await run('task', 'claim', 'acme', id, '--who', 'Bob');
    expect([other.code, other.err]).toEqual([1, expect.stringContaining('claimed by "Ada"')]);
    expect((await run('task', 'release', 'acme', id)).out).toMatch(/^status +open$/m);
    const done = await json('task', 'done', 'acme', id, '--who', 'Bob', '--note', 'seat 7');
    expect(done.task).toMatchObject({ status: 'done', claimedBy: 'Bob', note: 'seat 7' });
  });

  it('refuse', async () => {
    await json('tenant', 'create', 'globex', '--profile', 'rfc', '--provisioning', 'manual', '--owner', 'bob');
    const [task] = (await json('task', 'list', 'globex')).tasks as JsonObject[];
    const words = ['task', 'refuse', 'globex', String(task?.id), '--who', 'Ada'];
    expect((await run(...words)).code).toBe(2);
    expect((await json(...words, '--reason', 'not agreed')).task).toMatchObject({ status: 'refused' });
    expect(((await json('tenant', 'show', 'globex')).tenant as JsonObject).owner).toBeNull();
    expect((await run('tenant', 'show', 'globex')).out).toMatch(/^pendingDeprovisioning +none$/m);
  });

  it.each([
    [['task', 'show', 'acme', 'none'], 1, 'There is no task "none"'],
    [['task', 'list', 'none'], 1, 'There is no tenant "none"'],
    [['task', 'list', 'acme', '--status', 'late'], 1, 'open, claimed, done, refused'],
    [['task', 'list', 'acme', '--limit', '0'], 1, 'from 1 to'],
    [['task', 'claim', 'acme', 'x'], 2, '--who'],
    [['tenant', 'create', 'x', '--provisioning', 'magic'], 2, 'direct, manual'],
  ])('refuse %j', async (words, code, why) => {
    expect(await run(...words)).toMatchObject({ code, out: '', err: expect.stringContaining(why) });
  });
});
