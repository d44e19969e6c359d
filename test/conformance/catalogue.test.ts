import { fileURLToPath } from 'node:url';
import { describe, expect, it, TestRunner } from 'vitest';
import { RFCS, STATEMENTS } from '../../docs/conformance/catalogue.ts';
import { showings, showingsOf } from '../../docs/conformance/shown.ts';
import { byPlace, LEVELS, placeOf } from '../../docs/conformance/statement.ts';
// By another name, so that what stands here shows nothing.
import { shows as naming } from '../support/conformance.ts';

const SHOWINGS = showings(fileURLToPath(new URL('../..', import.meta.url)), 'test');
const SHOWN = new Set(SHOWINGS.flatMap(({ ids }) => ids));

describe('the catalogue of statements', () => {
  it('has each id once, in an RFC that it covers', () => {
    const ids = STATEMENTS.map(({ id }) => id);
    expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
    expect(ids.filter((id) => !(placeOf(id).rfc in RFCS))).toEqual([]);
  });

  it('says of each statement what it asks, how strongly and what Rollcall does', () => {
    const texts = (said: string | object = 'met'): string[] =>
      typeof said === 'string' ? [said] : Object.values<string>({ ...said });
    const silent = STATEMENTS.filter(
      ({ asks, does, level, unmet }) =>
        !LEVELS.includes(level) || [asks, ...texts(does), ...texts(unmet)].some((text) => text.trim() === ''),
    );
    expect(silent.map(({ id }) => id)).toEqual([]);
  });

  it('has a test for each MUST and MUST NOT', () => {
    const bare = STATEMENTS.filter(({ id, level }) => level.startsWith('MUST') && !SHOWN.has(id));
    expect(bare.map(({ id }) => id)).toEqual([]);
  });

  it('has a test for each statement that is not met, of what happens instead', () => {
    expect(STATEMENTS.filter(({ id, unmet }) => unmet && !SHOWN.has(id)).map(({ id }) => id)).toEqual([]);
  });

  it('knows every statement that a test names', () => {
    const known = new Set(STATEMENTS.map(({ id }) => id));
    const unknown = SHOWINGS.flatMap(({ file, ids }) =>
      ids.filter((id) => !known.has(id)).map((id) => `${file}: ${id}`),
    );
    expect(unknown).toEqual([]);
  });

  it('orders statements as the RFCs do, not as text', () => {
    const ids = ['7644-3.4.2-1', '7644-3.12-1', '7644-3.4-10', '7643-9-1', '7644-3.4-9'];
    const statements = ids.map((id) => ({ id, level: 'MAY' as const, asks: 'x', does: 'y' }));
    expect(statements.sort(byPlace).map(({ id }) => id)).toEqual([
      '7643-9-1',
      '7644-3.4-9',
      '7644-3.4-10',
      '7644-3.4.2-1',
      '7644-3.12-1',
    ]);
    expect(() => placeOf('7644-1')).toThrow('7644-1');
  });
});

describe('the statements that a source names', () => {
  const titles = (source: string) => showingsOf('a.test.ts', source).map(({ title, ids }) => [title, ...ids]);

  it('are those of its tests, each with its title', () => {
    expect(titles("it('answers', shows('1-1-1', '1-1-2'), async () => {});")).toEqual([['answers', '1-1-1', '1-1-2']]);
    expect(
      titles("describeEachDatabase('d', (open) => { it.each([[1]])('takes %s', shows('1-1-1'), (n: number) => n); });"),
    ).toEqual([['takes %s', '1-1-1']]);
    expect(titles("for (const g of all) test(`in \x24{g}`, shows('1-1-1'), () => {});")).toEqual([
      ['in \x24{g}', '1-1-1'],
    ]);
  });

  it('do not count in a test that is skipped or commented out', () => {
    expect(titles("it.skip('answers', shows('1-1-1'), () => {});")).toEqual([]);
    expect(titles("it.skip.each([1])('answers', shows('1-1-1'), () => {});")).toEqual([]);
    expect(titles("describe.skip('d', () => { it('answers', shows('1-1-1'), () => {}); });")).toEqual([]);
    expect(titles("// it('answers', shows('1-1-1'), () => {});")).toEqual([]);
  });

  it('count where only the database decides whether the test runs', () => {
    expect(titles("describe.skipIf(none)('d', () => { it('answers', shows('1-1-1'), () => {}); });")).toHaveLength(1);
  });

  it('are refused where no test stands, or where only running would tell them', () => {
    expect(() => titles("const options = shows('1-1-1');")).toThrow('a.test.ts');
    expect(() => titles("describe('d', shows('1-1-1'), () => {});")).toThrow('behind the title of a test');
    expect(() => titles("it('answers', shows(...ids), () => {});")).toThrow('plain strings');
  });
});

describe('the options of a test that shows statements', () => {
  it('reach the reporters', naming('1-1-1', '1-1-2'), ({ task }) => {
    expect(task.meta.shows).toEqual(['1-1-1', '1-1-2']);
  });

  it.each([1, 2])('reach the reporters from row %i of a table', naming('1-1-1'), (number) => {
    expect(TestRunner.getCurrentTest()?.name).toContain(`row ${number}`);
    expect(TestRunner.getCurrentTest()?.meta.shows).toEqual(['1-1-1']);
  });
});
