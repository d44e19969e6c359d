import { describe, expect, it } from 'vitest';
import { eventLine, sealLine } from '../../src/events/seal.ts';
import { verifyLines } from '../../src/events/verify-lines.ts';
import { sealsOf, storedEvent, TENANT } from './fixtures.ts';

const BATCHES = [[storedEvent(), storedEvent({ version: 3 })], [storedEvent()], [storedEvent(), storedEvent()]];
const SEALS = sealsOf(BATCHES);
const PARTS = SEALS.map((seal, index) => {
  const events = BATCHES[index] ?? [];
  return [sealLine({ ...seal, count: events.length }), ...events.map(eventLine)];
});
const headOf = (id: string) => `{"audit":"rollcall-audit/1","tenant":{"id":"${id}","slug":"acme"}}`;
const HEAD = headOf(TENANT);
const OTHER = '01900000-0000-7000-8000-000000000002';
const endOf = (number: number) => `{"end":${number},"hash":"${SEALS[number - 1]?.hash}"}`;
const END = endOf(3);
const ALL = [HEAD, ...PARTS.flat(), END];

async function verified(lines: readonly string[], expected?: string) {
  return verifyLines(
    (async function* () {
      yield* lines;
    })(),
    expected,
  );
}

/** The lines with the line of that text in place of another. */
const changed = (from: string | undefined, to: (line: string) => string[]) =>
  ALL.flatMap((line) => (line === from ? to(line) : [line]));

describe('the lines of an export', () => {
  it('verify as they were written', async () => {
    const last = SEALS.at(-1);
    expect(await verified(ALL)).toMatchObject({
      ok: true,
      seals: 3,
      events: 5,
      problems: [],
      head: { number: 3, hash: last?.hash },
    });
  });

  it('verify in parts, and the parts one after the other', async () => {
    const [first, second] = [
      [HEAD, ...PARTS.slice(0, 2).flat(), endOf(2)],
      [HEAD, ...PARTS.slice(2).flat(), END],
    ];
    const head = SEALS[1]?.hash ?? '';
    expect(await verified(first)).toMatchObject({ ok: true, head: { number: 2, hash: head } });
    // What the first part ended with is what the second says of what comes before it.
    expect(await verified(second, head)).toMatchObject({ ok: true, from: { number: 3, previous: head } });
    expect(await verified([...first, ...second])).toMatchObject({ ok: true, seals: 3 });
    expect((await verified([...second, ...first])).problems).toEqual(['Seal 1 comes after seal 3.']);
  });

  it('verify where nothing has followed, by the end of what they go on from', async () => {
    const [none, head] = [[HEAD, endOf(3)], SEALS[2]?.hash ?? ''];
    expect(await verified(none, head)).toMatchObject({ ok: true, seals: 0, head: { number: 3, hash: head } });
    expect(await verified(none, SEALS[1]?.hash)).toMatchObject({ ok: false, problemCount: 1 });
    expect(await verified([...ALL, ...none])).toMatchObject({ ok: true, seals: 3 });
    const later = [HEAD, endOf(1), HEAD, ...PARTS.slice(2).flat(), END];
    expect((await verified(later)).problems).toEqual(['Seal 2 is gone, before seal 3.']);
    expect(await verified([HEAD, '{"end":null,"hash":null}'])).toMatchObject({ ok: true, head: null });
  });

  const [, second, third] = PARTS;
  const event = PARTS[0]?.[1];
  it.each([
    ['an end that is not the last seal', [...ALL.slice(0, -1), endOf(2)], 'The end says that the last seal is 2'],
    ['an event changed', changed(event, (line) => [line.replace('title', 'active')]), 'changed, added or moved'],
    ['one more space', changed(event, (line) => [line.replace(',', ', ')]), 'changed, added or moved'],
    ['an event gone', changed(event, () => []), 'it says 2 events, and there are 1'],
    ['an event too many', changed(event, (line) => [line, line]), 'it says 2 events, and there are 3'],
    ['an event under no seal', changed(HEAD, (line) => [line, eventLine(storedEvent())]), 'an event under no seal'],
    [
      'two events in another order',
      [HEAD, PARTS[0]?.[0] ?? '', PARTS[0]?.[2] ?? '', PARTS[0]?.[1] ?? '', ...(second ?? []), ...(third ?? []), END],
      'changed, added or moved',
    ],
    [
      'a seal that says fewer events',
      changed(second?.[0], (line) => [line.replace('"count":1', '"count":0')]),
      'it says 0',
    ],
    [
      'a seal with another instant',
      changed(second?.[0], (line) => [line.replace('00:00:10', '00:00:11')]),
      'or the seal itself',
    ],
    [
      'a seal with another hash',
      changed(second?.[0], (line) => [line.replace(/"hash":"./, '"hash":"x')]),
      'does not continue',
    ],
    ['a seal gone with its events', [HEAD, ...(PARTS[0] ?? []), ...(third ?? []), END], 'Seal 2 is gone'],
    ['the end gone', ALL.slice(0, -1), 'lines are missing'],
    ['the last seal gone, and the end', ALL.slice(0, -4), 'lines are missing'],
    ['no lines at all', [], 'lines are missing'],
    ['a line that is no JSON', [...ALL, '{'], 'Line 11 is no JSON object'],
    ['a line that is something else', [HEAD, '{"x":1}', END], 'neither an event nor a seal'],
    [
      'a seal of another tenant',
      changed(third?.[0], (line) => [line.replace('"tenant":"0', '"tenant":"1')]),
      'not of 019',
    ],
    [
      'a head of another tenant',
      changed(HEAD, () => [headOf(OTHER)]),
      `Line 1 says that the export is of the tenant ${OTHER}, and its seals are of ${TENANT}.`,
    ],
    [
      'the head of another tenant in what follows',
      [HEAD, ...PARTS.slice(0, 2).flat(), endOf(2), headOf(OTHER), ...PARTS.slice(2).flat(), END],
      `Line 8 says that the export is of the tenant ${OTHER}`,
    ],
  ])('do not verify with %s', async (_, lines, told) => {
    const { ok, problems } = await verified(lines);
    expect(ok).toBe(false);
    expect(problems.join('\n')).toContain(told);
  });

  it('do not verify without the seal that was noted', async () => {
    expect((await verified(ALL, SEALS[0]?.hash.toUpperCase())).ok).toBe(true);
    const shortened = [HEAD, ...PARTS.slice(0, 2).flat(), endOf(2)];
    expect((await verified(shortened, SEALS[2]?.hash)).problems).toEqual([
      `No seal has the hash ${SEALS[2]?.hash}: the end was cut off, or the seals are others than then.`,
    ]);
  });

  it('tell at most a hundred problems one by one, and count them all', async () => {
    const found = await verified(Array.from({ length: 150 }, () => 'nothing'));
    expect([found.problems.length, found.problemCount]).toEqual([100, 151]);
  });
});
