import { beforeAll, expect, it } from 'vitest';
import { systemContext } from '../src/directory/system-context.ts';
import { createLogger } from '../src/logger.ts';
import type { Storage } from '../src/storage/database.ts';
import { insertTenant, type Tenant } from '../src/storage/tenants.ts';
import { describeEachDatabase } from './support/database.ts';

function logged(write: (logger: ReturnType<typeof createLogger>) => void, level = 'info'): string {
  let text = '';
  const destination = {
    write: (line: string) => {
      text += line;
    },
  };
  write(createLogger(level, destination));
  return text;
}

it('writes one JSON object a line, from its level on', () => {
  const text = logged((logger) => {
    logger.debug('quiet');
    logger.info({ tenant: 'acme' }, 'loud');
  });
  expect(text.endsWith('\n')).toBe(true);
  expect(JSON.parse(text)).toMatchObject({ tenant: 'acme', msg: 'loud' });
});

it.each([
  { authorization: 'Bearer hunter2' },
  { headers: { authorization: 'Bearer hunter2' } },
  { request: { headers: { authorization: 'hunter2' } } },
  { password: 'hunter2' },
  { body: { password: 'hunter2' } },
  { issued: { token: 'hunter2' } },
  { databaseUrl: 'postgres://u:hunter2@db/x' },
])('redacts %j', (fields) => {
  const text = logged((logger) => logger.info(fields, 'done'));
  expect(text).toContain('[Redacted]');
  expect(text).not.toContain('hunter2');
});

describeEachDatabase('the log of a failed statement', (open) => {
  let storage: Storage;
  beforeAll(async () => {
    storage = await open();
  });

  it('names the constraint and the statement, and none of the values', async () => {
    const { newId, clock } = systemContext(storage.db);
    const tenant: Tenant = {
      id: newId(),
      slug: 'hunter2',
      profile: 'rfc',
      grade: 'strict',
      roles: [],
      ownerId: undefined,
      features: [],
      plan: 'enterprise' as const,
      sandboxOf: undefined,
      ownProfile: undefined,
      rateLimit: undefined,
      tokenLife: undefined,
      faults: undefined,
      createdAt: clock(),
      updatedAt: clock(),
    };
    await insertTenant(storage.db, tenant);
    const failure = await insertTenant(storage.db, { ...tenant, id: newId() }).catch((error: unknown) => error);
    const text = logged((logger) => logger.error({ err: failure }, 'request failed'));
    expect(JSON.parse(text)).toMatchObject({
      err: {
        message: expect.stringContaining('insert into "tenants"'),
        stack: expect.stringMatching(/\n {4}at /),
        cause: { code: '23505', constraint: 'tenants_slug' },
      },
    });
    expect(text).not.toContain('hunter2');
  });
});
