import { sql } from 'drizzle-orm';
import { v7 } from 'uuid';
import { beforeAll, describe, expect, it } from 'vitest';
import { BinaryRows, uuidBytes } from '../../src/storage/binary-rows.ts';
import { copyIn } from '../../src/storage/copy-in.ts';
import { rows, type Storage } from '../../src/storage/database.ts';
import { describeEachDatabase } from '../support/database.ts';

const TEXTS = ['', 'plain', 'x'.repeat(48), 'x'.repeat(49), 'Jürgen', `${'x'.repeat(47)}ü`, '😀', 'ü'.repeat(10_000)];
const COLUMNS = ['tenant_id', 'id', 'kind', 'type', 'resource_id', 'version', 'attributes', 'actor', 'created_at'];

describeEachDatabase('rows in binary form', (open) => {
  let storage: Storage;
  beforeAll(async () => {
    storage = await open();
  });

  it('are stored as they were put', async () => {
    const tenantId = v7();
    const lists = [[], ['one'], TEXTS];
    const written = TEXTS.map((text, index) => ({
      id: v7(),
      kind: text,
      type: [0, 1, -1, 32_767, -32_768][index % 5] ?? 0,
      version: [0, 1, -1, 2 ** 31 - 1, -(2 ** 31)][index % 5] ?? 0,
      attributes: lists[index % 3] ?? [],
      at: new Date(['2026-01-31T10:00:00.123Z', '1999-12-31T23:59:59.999Z', '2300-01-01T00:00:00Z'][index % 3] ?? 0),
    }));
    const out = new BinaryRows();
    for (const { id, kind, type, version, attributes, at } of written) {
      out.row(COLUMNS.length).uuid(uuidBytes(tenantId)).uuid(uuidBytes(id)).text(kind).smallint(type);
      out.uuid(uuidBytes(id)).int(version).texts(attributes).text('operator').instant(at);
    }
    await copyIn(storage.db, [{ table: 'events', columns: COLUMNS, bytes: out.finished(), count: written.length }]);
    const found = await rows<{ at: string }>(
      storage.db,
      sql`select id, kind, type, version, attributes, created_at::text as at from events
        where tenant_id = ${tenantId}::uuid order by id`,
    );
    expect(found.map((row) => ({ ...row, at: new Date(row.at) }))).toEqual(written);
  });
});

describe('numbers that do not fit', () => {
  it.each([32_768, -32_769, 1.5, 2 ** 40])('are refused, not cut: %d as a smallint', (value) => {
    expect(() => new BinaryRows().smallint(value)).toThrow(RangeError);
  });

  it.each([2 ** 31, -(2 ** 31) - 1, 0.5, Number.NaN])('are refused, not cut: %d as an int', (value) => {
    expect(() => new BinaryRows().int(value)).toThrow(RangeError);
  });
});
