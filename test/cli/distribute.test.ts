import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { getTableName, is } from 'drizzle-orm';
import { PgTable } from 'drizzle-orm/pg-core';
import { afterAll, describe, expect, it } from 'vitest';
import * as tables from '../../src/storage/tables.ts';
import { runCommand } from '../support/command-line.ts';
import { emptyPostgres } from '../support/database.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'rollcall-distribute-'));
const postgres = await emptyPostgres();
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await postgres?.drop();
});

const run = (environment: Record<string, string>, ...words: string[]) => runCommand(environment, words);

const embedded = { DATA_DIR: path.join(folder, 'data') };

describe('distribute', () => {
  it('shows a statement for each table, those first that others refer to', async () => {
    const { code, out } = await run({}, 'distribute', '--json');
    expect(code).toBe(0);
    const { statements } = JSON.parse(out) as { statements: string[] };
    const named = statements.flatMap((text) => /'(\w+)'/.exec(text)?.[1] ?? []);
    const all = Object.values(tables).flatMap((table) => (is(table, PgTable) ? [getTableName(table)] : []));
    expect(named.toSorted()).toEqual(all.toSorted());
    expect(statements[0]).toBe('create extension if not exists citus');
    expect(statements.slice(1, 3).toSorted()).toEqual([
      "select create_reference_table('signing_keys')",
      "select create_reference_table('tenants')",
    ]);
    expect(statements[3]).toBe("select create_distributed_table('resources', 'tenant_id')");
    for (const text of statements.slice(4)) {
      expect(text).toMatch(/^select create_distributed_table\('\w+', 'tenant_id', colocate_with => 'resources'\)$/);
    }
  });

  it('prints what can be given to psql', async () => {
    const { out } = await run({}, 'distribute');
    for (const line of out.trimEnd().split('\n')) expect(line).toMatch(/^(-- .*|.*;)$/);
  });

  it('refuses what has no nodes', async () => {
    await run(embedded, 'migrate');
    const { code, err } = await run(embedded, 'distribute', '--apply');
    expect([code, err]).toEqual([1, expect.stringContaining('Citus coordinator')]);
    const index = await run(embedded, 'index', 'trigram');
    expect([index.code, index.err]).toEqual([1, expect.stringContaining('need PostgreSQL')]);
  });

  it.skipIf(!postgres)('says which extension is missing', async () => {
    const environment = { DATABASE_URL: postgres?.url ?? '' };
    const { code, err } = await run(environment, 'distribute', '--apply');
    expect([code, err]).toEqual([1, expect.stringContaining('no extension citus')]);
  });
});
