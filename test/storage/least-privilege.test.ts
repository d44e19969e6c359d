import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { verifyEvents } from '../../src/directory/audit-verify.ts';
import { COMMAND_LINE } from '../../src/directory/operator.ts';
import { systemContext } from '../../src/directory/system-context.ts';
import { changePlan, createTenant } from '../../src/directory/tenants.ts';
import { openStorage, type Storage } from '../../src/storage/database.ts';
import { NotPermittedError, StorageOpenError } from '../../src/storage/errors.ts';
import { migrate } from '../../src/storage/migrate.ts';
import { createTrigramIndex, dropTrigramIndex } from '../../src/storage/trigram-index.ts';
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

describe.skipIf(postgres?.skip !== undefined)('a role without rights', () => {
  it('is told what it needs', async () => {
    const empty = await emptyPostgres();
    if (!empty) throw new Error('no PostgreSQL');
    const role = `rollcall_test_${randomUUID().replaceAll('-', '')}`;
    const owner = await opened(empty.url);
    const asOwner = (statement: string) => owner.db.execute(sql.raw(statement));
    const url = new URL(empty.url);
    const database = url.pathname.slice(1);
    url.username = role;
    url.password = 'x';
    try {
      await asOwner(`create role ${role} login password 'x'`);
      const storage = await opened(url.href);
      try {
        const refused = await migrate(storage).catch((error: unknown) => error);
        expect(refused).toBeInstanceOf(NotPermittedError);
        expect((refused as Error).message).toBe(
          `The role of DATABASE_URL may not create what Rollcall needs (permission denied for database ${database}). ` +
            'Make it the owner of the database, or run "rollcall migrate" as the owner; docs/audit.md has the grants for a ' +
            'role that owns nothing.',
        );
        // The right to make schemas, and none in the one that is there.
        await asOwner(`grant create on database ${database} to ${role}`);
        await expect(migrate(storage)).rejects.toThrow('(permission denied for schema public)');
        await asOwner(`revoke create on database ${database} from ${role}`);
        await migrate(owner);
        await expect(migrate(storage)).rejects.toThrow('(permission denied for schema drizzle)');
        await expect(createTrigramIndex(storage.db)).rejects.toThrow('run "rollcall index trigram" as the owner');
        await createTrigramIndex(owner.db);
        await expect(dropTrigramIndex(storage.db)).rejects.toThrow('run "rollcall index trigram --drop" as the owner');
      } finally {
        await storage.close();
      }
      await asOwner(`revoke connect on database ${database} from public`);
      const shut = await opened(url.href).catch((error: unknown) => error);
      expect(shut).toBeInstanceOf(StorageOpenError);
      expect((shut as Error).message).toContain(
        'does not let the role of DATABASE_URL in (permission denied for database',
      );
      await asOwner(`drop owned by ${role}`);
      await asOwner(`drop role ${role}`);
    } finally {
      await owner.close();
      await empty.drop();
    }
  });
});
