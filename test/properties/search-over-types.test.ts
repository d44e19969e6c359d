import fc from 'fast-check';
import { v7 } from 'uuid';
import { beforeAll, expect, it } from 'vitest';
import type { Storage } from '../../src/storage/database.ts';
import { searchResources } from '../../src/storage/search.ts';
import { describeEachDatabase } from '../support/database.ts';
import { answerTo, directories, questions, searchFor, store } from '../support/two-types.ts';

describeEachDatabase('a search over several types', (open) => {
  let storage: Storage;
  beforeAll(async () => {
    storage = await open();
  });

  it('finds, orders and pages as it does in memory', { timeout: 240_000 }, async () => {
    const asked = fc.array(questions, { minLength: 3, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(directories, asked, fc.integer({ min: 1, max: 9 }), async (stored, tried, size) => {
        const tenantId = v7();
        for (const one of stored) await store(storage.db, tenantId, one);
        for (const question of tried) {
          const expected = answerTo(question, stored);
          const search = searchFor(question, tenantId);
          const whole = await searchResources(storage.db, search, { offset: 0, limit: 1000 });
          expect(whole.rows.map(({ id }) => id)).toEqual(expected);
          expect((await searchResources(storage.db, search, { offset: 0, limit: 0 })).total).toBe(expected.length);
          for (let offset = 0; offset < expected.length + size; offset += size) {
            const { rows, total } = await searchResources(storage.db, search, { offset, limit: size });
            expect(rows.map(({ id }) => id)).toEqual(expected.slice(offset, offset + size));
            expect(total).toBe(expected.length);
          }
        }
      }),
      { numRuns: 30 },
    );
  });
});
