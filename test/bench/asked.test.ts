import { expect, test } from 'vitest';
import { askedFor } from '../../bench/asked.ts';

const WORKLOADS = ['GET by id', 'filter userName eq', 'filter externalId eq', 'POST'].map((name) => ({ name }));

function measured(...words: string[]) {
  const asked = askedFor(words);
  if (!asked) return undefined;
  const parts = (['starts', 'imports', 'whole group', 'million'] as const).filter((name) => asked.part(name));
  return [...parts, ...asked.among(WORKLOADS).map(({ name }) => name)].join(', ');
}

test.each([
  [[], 'starts, imports, whole group, GET by id, filter userName eq, filter externalId eq, POST'],
  [['--million'], 'starts, imports, whole group, million, GET by id, filter userName eq, filter externalId eq, POST'],
  [['--only', 'million'], 'million'],
  [['--only', 'imports', '--quick'], 'imports'],
  [['--only', 'filter'], 'filter userName eq, filter externalId eq'],
  [['--only', 'POST', '--only', 'starts'], 'starts, POST'],
  [['--only', 'POST', '--million'], 'million, POST'],
])('%j measures %s', (words, expected) => {
  expect(measured(...words)).toBe(expected);
});

test('needs directories only where something asks them', () => {
  const some = (...words: string[]) => askedFor(words)?.workloads;
  expect([some(), some('--only', 'POST'), some('--only', 'million'), some('--only', 'whole group')]).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

test.each([[['--fast']], [['quick']], [['--only']], [['--only', '']]])('%j is answered with the usage', (words) => {
  expect(askedFor(words)).toBeUndefined();
});
