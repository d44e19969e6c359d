import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { verifyEvents } from '../../src/directory/audit-verify.ts';
import { COMMAND_LINE } from '../../src/directory/operator.ts';
import { systemContext } from '../../src/directory/system-context.ts';
import { changePlan, createTenant } from '../../src/directory/tenants.ts';
import { openStorage, type Storage } from '../../src/storage/database.ts';
import { migrate } from '../../src/storage/migrate.ts';
import { databases, emptyPostgres } from '../support/database.ts';

const postgres = databases().find(({ name }) => name === 'postgres');
const opened = (databaseUrl: string) => openStorage({ databaseUrl, dataDir: 'memory:' });

/** The grants of the documentation, for a role of that name. */
function grants(role: string): string[] {
  const [, block = ''] = /^```sql\n(.*?)^```$/ms.exec(readFileSync('docs/audit.md', 'utf8')) ?? [];
  const statements = block.replaceAll('rollcall_server', role).replace(/^--.*$/gm, '');
  return statements.split(';').filter((statement) => statement.trim() !== '');
}

const refusal = (storage: Storage, statement: string) =>
  storage.db.execute(sql.raw(statement)).then(
    () => 'done',
    (error: Error) => (error.cause as Error).message,
  );

describe.skipIf(postgres?.skip !== undefined)('a role with the grants that docs/audit.md has', () => {
  it('starts, writes and seals, and can change no event', async () => {
    const empty = await emptyPostgres();
    if (!empty) throw new Error('no PostgreSQL');
    const role = `rollcall_test_${randomUUID().replaceAll('-', '')}`;
    const owner = await opened(empty.url);
    try {
      await migrate(owner);
      for (const statement of [`create role ${role} login password 'x'`, ...grants(role)]) {
        await owner.db.execute(sql.raw(statement));
      }
      const url = new URL(empty.url);
      url.username = role;
      url.password = 'x';
      const storage = await opened(url.href);
      try {
        await migrate(storage);
        const context = systemContext(storage.db);
        const tenant = await createTenant(context, COMMAND_LINE, { slug: 'acme', owner: 'ada' });
        await changePlan(context, COMMAND_LINE, tenant, 'free');
        expect(await verifyEvents(context, tenant)).toMatchObject({ ok: true, events: 4, sealedNow: 4 });
        for (const statement of [
          "update events set actor = 'x'",
          'delete from events',
          'truncate events',
          "update seals set hash = 'x'",
          'delete from seals',
        ]) {
          expect(await refusal(storage, statement)).toMatch(/^permission denied for table (events|seals)$/);
        }
      } finally {
        await storage.close();
      }
      await owner.db.execute(sql.raw(`drop owned by ${role}`));
      await owner.db.execute(sql.raw(`drop role ${role}`));
    } finally {
      await owner.close();
      await empty.drop();
    }
  });
});
