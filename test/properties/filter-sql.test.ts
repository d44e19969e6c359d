import fc from 'fast-check';
import { v7 } from 'uuid';
import { beforeAll, expect, it } from 'vitest';
import type { CheckedFilter } from '../../src/protocol/filter/ast.ts';
import { evaluateFilter } from '../../src/protocol/filter/evaluate.ts';
import type { ResourceTypeDefinition } from '../../src/schema/resource-type.ts';
import { USER_TYPE } from '../../src/schema/resource-types.ts';
import type { Database, Storage } from '../../src/storage/database.ts';
import { searchResources } from '../../src/storage/search.ts';
import { WALK_LIMITS, type WalkLimits } from '../../src/storage/walks.ts';
import { insertResources } from '../../src/storage/write-resources.ts';
import { describeEachDatabase } from '../support/database.ts';
import { checkedFilterFor, LOCATION_PREFIX, SAMPLE_TYPE, samplesOf, served } from '../support/generators.ts';
import { WAYS } from '../support/two-types.ts';

const FILTERS_PER_DIRECTORY = 10;

describeEachDatabase('a filter in SQL selects what it selects in memory', (open) => {
  let storage: Storage;
  beforeAll(async () => {
    storage = await open();
  });

  it.each([USER_TYPE, SAMPLE_TYPE])('over $name', { timeout: 120_000 }, async (type) => {
    const ways = fc.constantFrom(WALK_LIMITS, ...WAYS);
    const filters = fc.array(checkedFilterFor(type), { minLength: 5, maxLength: FILTERS_PER_DIRECTORY });
    await fc.assert(
      fc.asyncProperty(samplesOf(type), filters, ways, async (samples, tried, limits) => {
        const tenantId = v7();
        await insertResources(
          storage.db,
          tenantId,
          samples.map(({ document, at }) => ({ type, id: String(document.id), at, document })),
        );
        for (const filter of tried) {
          const expected = samples.filter((sample) => evaluateFilter(filter, served(type, sample)));
          const selected = await idsSelected(storage.db, tenantId, type, filter, limits);
          expect(selected).toEqual(expected.map(({ document }) => document.id).toSorted());
        }
      }),
      { numRuns: 100 },
    );
  });
});

async function idsSelected(
  db: Database,
  tenantId: string,
  type: ResourceTypeDefinition,
  filter: CheckedFilter,
  limits: WalkLimits,
) {
  const { rows, total } = await searchResources(
    db,
    {
      tenantId,
      types: [{ type, filter }],
      descending: false,
      locations: () => LOCATION_PREFIX,
      typeNames: () => type.name,
      memberTypes: [type.number],
      limits,
    },
    { offset: 0, limit: 100 },
  );
  expect(total).toBe(rows.length);
  return rows.map((row) => row.id);
}
