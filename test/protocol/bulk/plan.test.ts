import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Edges, layered, planOf, type Unit } from '../../../src/protocol/bulk/plan.ts';

const edges = fc.integer({ min: 1, max: 12 }).chain((count) =>
  fc.array(fc.array(fc.integer({ min: 0, max: count - 1 }), { maxLength: 3 }), {
    minLength: count,
    maxLength: count,
  }),
);

/** The positions that can be reached from one along the references. */
function reachable(refersTo: Edges, from: number): Set<number> {
  const seen = new Set<number>();
  const left = [...(refersTo[from] ?? [])];
  for (let at = left.pop(); at !== undefined; at = left.pop()) {
    if (seen.has(at)) continue;
    seen.add(at);
    left.push(...(refersTo[at] ?? []));
  }
  return seen;
}

function expectOrdered(units: readonly Unit[], refersTo: Edges): void {
  expect(units.flat().toSorted((a, b) => a - b)).toEqual(refersTo.map((_, position) => position));
  const done = new Set<number>();
  for (const unit of units) {
    for (const position of unit) done.add(position);
    for (const position of unit) for (const target of refersTo[position] ?? []) expect(done.has(target)).toBe(true);
  }
}

describe('the order of operations', () => {
  it('is that of the request where nothing refers to anything later', () => {
    expect(planOf([[], [0], [], [0, 1]])).toEqual([[0], [1], [2], [3]]);
  });

  it('moves ahead what is referred to, and only that', () => {
    expect(planOf([[3], [], [], []])).toEqual([[3], [0], [1], [2]]);
    expect(planOf([[], [4], [], [], [2]])).toEqual([[0], [2], [4], [1], [3]]);
  });

  it('makes a circle one unit', () => {
    expect(planOf([[2], [], [0], [3]])).toEqual([[0, 2], [1], [3]]);
    expect(planOf([[1], [2], [0, 3], []])).toEqual([[3], [0, 1, 2]]);
  });

  it('takes a chain of a thousand', () => {
    const chain = Array.from({ length: 1000 }, (_, position) => (position < 999 ? [position + 1] : []));
    expect(planOf(chain)[0]).toEqual([999]);
    expect(planOf(chain)).toHaveLength(1000);
  });

  it('has what is referred to first, and in one unit exactly those in a circle', () => {
    fc.assert(
      fc.property(edges, (refersTo) => {
        const units = planOf(refersTo);
        expectOrdered(units, refersTo);
        for (const unit of units) {
          for (const position of unit) {
            const circle = [...reachable(refersTo, position)].filter((other) =>
              reachable(refersTo, other).has(position),
            );
            expect(new Set([position, ...circle])).toEqual(new Set(unit));
          }
        }
      }),
    );
  });
});

describe('layers', () => {
  const creating = (...names: (string | undefined)[]) => names.map((name) => ({ creates: true, name }));

  it('put what refers to neighbours after all those that refer to none', () => {
    const refersTo = [[], [0], [], [2], [1]];
    expect(layered(planOf(refersTo), refersTo, creating('a', 'b', 'c', 'd', 'e'))).toEqual([[0], [2], [1], [3], [4]]);
  });

  it('keep the order of those that want one name', () => {
    const refersTo = [[], [0], [], []];
    expect(layered(planOf(refersTo), refersTo, creating('a', 'x', 'x', 'b'))).toEqual([[0], [3], [1], [2]]);
  });

  it('move nothing over an operation that does not create', () => {
    const refersTo = [[], [0], [], [], [3]];
    const operations = creating('a', 'b', undefined, 'c', 'd').map((one) => ({
      ...one,
      creates: one.name !== undefined,
    }));
    expect(layered(planOf(refersTo), refersTo, operations)).toEqual([[0], [1], [2], [3], [4]]);
  });

  it('keep every reference, every order of names, and the place of what does not create', () => {
    const kinds = fc.array(fc.record({ creates: fc.boolean(), name: fc.constantFrom('x', 'y', undefined) }), {
      minLength: 12,
      maxLength: 12,
    });
    fc.assert(
      fc.property(edges, kinds, (refersTo, operations) => {
        const units = planOf(refersTo);
        const sorted = layered(units, refersTo, operations);
        expectOrdered(sorted, refersTo);
        const order = (list: readonly Unit[], name: string) =>
          list.filter((unit) => unit.some((position) => operations[position]?.name === name));
        const fixed = (unit: Unit) => !unit.every((position) => operations[position]?.creates);
        for (const name of ['x', 'y']) {
          const inRuns = (list: readonly Unit[]) => order(list, name).filter((unit) => !fixed(unit));
          expect(inRuns(sorted)).toEqual(inRuns(units));
        }
        expect(sorted.map((unit) => (fixed(unit) ? unit : 0))).toEqual(units.map((unit) => (fixed(unit) ? unit : 0)));
      }),
    );
  });
});
