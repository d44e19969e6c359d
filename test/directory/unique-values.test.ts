import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { executeBulk } from '../../src/directory/bulk.ts';
import { ScimError } from '../../src/protocol/errors.ts';
import { MAX_KEY_LENGTH } from '../../src/protocol/limits.ts';
import type { JsonObject } from '../../src/schema/json.ts';
import { rows } from '../../src/storage/database.ts';
import { bulk, patch as bulkPatch, results, statuses } from '../support/bulk.ts';
import { shows } from '../support/conformance.ts';
import { describeEachDatabase } from '../support/database.ts';
import { statusOf, user } from '../support/directory.ts';
import { watchStatements } from '../support/statements.ts';
import { BADGE, widget, widgetsOn } from '../support/trait-type.ts';

type Directory = ReturnType<typeof widgetsOn>;

describeEachDatabase('unique attributes', (open) => {
  const create = (directory: Directory, more: JsonObject) => directory.create('Widget', widget(more));
  const post = (more: JsonObject) => ({ method: 'POST', path: '/Widgets', bulkId: 'b', data: widget(more) });
  const run = (directory: Directory, operations: JsonObject[]) =>
    executeBulk(
      directory.context,
      directory.scope,
      bulk(operations.map((one, index) => (one.method === 'POST' ? { ...one, bulkId: `b${index}` } : one))),
      (error) => {
        if (error instanceof ScimError) return error;
        throw error;
      },
    );
  const stored = async ({ context, scope }: Directory) =>
    rows<{ value: string }>(
      context.db,
      sql`select value from unique_values where tenant_id = ${scope.tenantId}::uuid order by value`,
    );

  it.each<[string, JsonObject, JsonObject, string]>([
    ['a string in another letter case', { serial: 'Ab-1' }, { serial: 'aB-1' }, 'serial'],
    ['a case-exact string', { code: 'x' }, { code: 'x' }, 'code'],
    ['one of several integers', { ports: [1, 2] }, { ports: [3, 2] }, 'ports'],
    ['the same integer, written otherwise', { ports: [1e3] }, { ports: [1000] }, 'ports'],
    ['a sub-attribute', { keys: [{ value: 'k' }] }, { keys: [{ value: 'j' }, { value: 'k' }] }, 'keys.value'],
    ['an extension attribute', { [BADGE]: { number: '7' } }, { [BADGE]: { number: '7' } }, `${BADGE}:number`],
  ])('refuse %s that another resource has, and say which', shows('7643-7-20'), async (_, first, second, path) => {
    const directory = widgetsOn(await open());
    await create(directory, first);
    await expect(create(directory, second)).rejects.toMatchObject({
      status: 409,
      scimType: 'uniqueness',
      detail: expect.stringContaining(` in ${path}, which is unique`),
    });
    expect(await directory.search('Widget')).toMatchObject({ totalResults: 1 });
    const other = await create(directory, { label: 'other' });
    const whole = await statusOf(directory.replace('Widget', other.id, widget(second)));
    const values = await statusOf(directory.patch('Widget', other.id, [{ op: 'add', value: second }]));
    expect([whole, values]).toEqual([409, 409]);
    expect((await directory.read('Widget', other.id)).etag).toBe('W/"1"');
  });

  it('name the value, unless it is a secret', shows('7643-7-19'), async () => {
    const directory = widgetsOn(await open());
    await create(directory, { serial: 'S-1', pin: '271828' });
    await expect(create(directory, { serial: 's-1' })).rejects.toMatchObject({
      detail: expect.stringContaining('"s-1"'),
    });
    await expect(create(directory, { pin: '271828' })).rejects.toMatchObject({
      status: 409,
      detail: expect.not.stringContaining('271828'),
    });
  });

  it('are unique within the type, the attribute and the tenant only', async () => {
    const directory = widgetsOn(await open());
    const value = '5';
    await create(directory, { serial: value, code: value, keys: [{ value }], [BADGE]: { number: value } });
    await create(directory, { code: 'x', keys: [{ value: 'X' }] });
    await create(directory, { code: 'X', keys: [{ value: 'x' }] });
    await create(widgetsOn(await open()), { serial: value });
    await directory.create('User', user(value));
  });

  it('may be repeated within one resource, sent again and moved between its elements', async () => {
    const directory = widgetsOn(await open());
    const keys = [{ value: 'a', type: 'work' }, { value: 'a' }, { value: 'b' }];
    const { id } = await create(directory, { keys, serial: 's' });
    expect((await directory.replace('Widget', id, widget({ keys, serial: 's' }))).etag).toBe('W/"1"');
    await directory.replace('Widget', id, widget({ keys: keys.toReversed(), serial: 'S' }));
    expect(await stored(directory)).toHaveLength(3);
  });

  it('are free again when they are changed, removed or deleted', async () => {
    const directory = widgetsOn(await open());
    const { id } = await create(directory, { serial: 's', keys: [{ value: 'a' }, { value: 'b' }], ports: [1] });
    await directory.patch('Widget', id, [
      { op: 'replace', path: 'serial', value: 't' },
      { op: 'remove', path: 'keys[value eq "a"]' },
      { op: 'remove', path: 'ports' },
    ]);
    const next = await create(directory, { serial: 's', keys: [{ value: 'a' }], ports: [1] });
    expect(await statusOf(create(directory, { serial: 't' }))).toBe(409);
    await directory.delete('Widget', id);
    await directory.delete('Widget', next.id);
    expect(await stored(directory)).toEqual([]);
    await create(directory, { serial: 't', keys: [{ value: 'b' }] });
  });

  it('let one of two parallel requests win: twin POSTs, twin PATCHes, and one of each', async () => {
    const directory = widgetsOn(await open());
    const twins = await Promise.all([
      statusOf(create(directory, { serial: 'twin', ports: [1, 2, 3] })),
      statusOf(create(directory, { serial: 'TWIN', ports: [6, 5, 4] })),
      statusOf(create(directory, { ports: [3, 9, 4] })),
    ]);
    expect(twins.filter((one) => one === 409).length).toBeGreaterThanOrEqual(1);
    expect(twins.filter((one) => one !== 409 && typeof one === 'object')).toHaveLength(
      3 - twins.filter((one) => one === 409).length,
    );
    const [a, b] = [await create(directory, {}), await create(directory, {})];
    const set = (id: string) =>
      statusOf(directory.patch('Widget', id, [{ op: 'replace', path: 'code', value: 'only' }]));
    const patches = await Promise.all([set(a.id), set(b.id), statusOf(create(directory, { code: 'only' }))]);
    expect(patches.filter((one) => one === 409)).toHaveLength(2);
    expect(await directory.search('Widget', { filter: 'code eq "only"' })).toMatchObject({ totalResults: 1 });
  });

  it('in bulk come out as one after the other', async () => {
    const directory = widgetsOn(await open());
    const { id } = await create(directory, { serial: 'old' });
    const set = (op: string, path: string, value?: string) =>
      bulkPatch(`/Widgets/${id}`, [{ op, path, ...(value === undefined ? {} : { value }) }]);
    const body = await run(directory, [
      post({ serial: 'old' }),
      set('replace', 'serial', 'new'),
      post({ serial: 'OLD' }),
      post({ serial: 'old' }),
      post({ serial: 'new' }),
      set('remove', 'serial'),
      post({ serial: 'new', ports: [1] }),
      set('add', 'ports', '1'),
      post({ label: 'free' }),
      { method: 'DELETE', path: `/Widgets/${id}` },
      post({ code: 'c', serial: 'new' }),
      post({ code: 'c' }),
    ]);
    expect(statuses(body)).toEqual([
      '409',
      '200',
      '201',
      '409',
      '409',
      '200',
      '201',
      '400',
      '201',
      '204',
      '409',
      '201',
    ]);
    const [first] = results(body);
    expect(first).toMatchObject({ response: { scimType: 'uniqueness', detail: expect.stringContaining('serial') } });
  });

  it('cost no statement where the type has none', async () => {
    const storage = await open();
    const directory = widgetsOn(storage);
    const statements = watchStatements(storage);
    const touching = () => statements.taken().filter((text) => text.includes('unique_values')).length;
    const { id } = await directory.create('User', user('ann'));
    await directory.patch('User', id, [{ op: 'add', path: 'title', value: 'x' }]);
    expect(touching()).toBe(0);
    const made = await create(directory, { serial: 's' });
    await directory.patch('Widget', made.id, [{ op: 'add', path: 'label', value: 'x' }]);
    expect(touching()).toBe(1);
  });

  it('are at most as long as a key', async () => {
    const directory = widgetsOn(await open());
    await create(directory, { serial: 's'.repeat(MAX_KEY_LENGTH), code: '😀'.repeat(MAX_KEY_LENGTH / 2) });
    for (const serial of ['s'.repeat(MAX_KEY_LENGTH + 1), 'ß'.repeat(MAX_KEY_LENGTH / 2 + 1)]) {
      expect(await statusOf(create(directory, { serial }))).toBe(400);
    }
    const { id } = await create(directory, {});
    const long = [{ op: 'add', path: 'keys', value: [{ value: 'k'.repeat(MAX_KEY_LENGTH + 1) }] }];
    expect(await statusOf(directory.patch('Widget', id, long))).toBe(400);
  });
});
