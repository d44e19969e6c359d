import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { eventLine, sealLine, sealOf } from '../../src/events/seal.ts';
import { batchOf, SEALED_AT, storedEvent, TENANT } from './fixtures.ts';

const ID = '01900000-0000-7000-8000-00000000000a';
const SECOND = '01900000-0000-7000-8000-00000000000b';

describe('the line of an event', () => {
  // These texts are what was hashed: a change of them would break every seal there is.
  it('is the same for ever', () => {
    expect(eventLine(storedEvent({ id: ID }))).toBe(
      `{"event":"${ID}","at":"2026-02-01T00:00:00.000Z","kind":"patch","type":1,` +
        '"resource":"01900000-0000-7000-8000-0000000000aa","version":2,"attributes":["title"],"actor":"credential:abcd1234"}',
    );
    const detail = '{"before":null,"after":"é\\n"}';
    expect(eventLine(storedEvent({ id: ID, requestId: 'r-1', detail }))).toBe(
      `{"event":"${ID}","at":"2026-02-01T00:00:00.000Z","kind":"patch","type":1,` +
        '"resource":"01900000-0000-7000-8000-0000000000aa","version":2,"attributes":["title"],"actor":"credential:abcd1234",' +
        `"request":"r-1","detail":${detail}}`,
    );
  });
});

describe('a seal', () => {
  it('is SHA-256 over its own line and those of its events, and continues the one before', () => {
    const [one, two] = [storedEvent({ id: ID }), storedEvent({ id: SECOND, version: 3 })];
    const first = sealOf(TENANT, undefined, batchOf([one]), SEALED_AT);
    const zeros = '0'.repeat(64);
    const head = `{"seal":1,"tenant":"${TENANT}","previous":"${zeros}","count":1,"sealedAt":"2026-02-01T00:00:10.000Z"}`;
    expect(first.hash).toBe(
      createHash('sha256')
        .update(`${head}\n${eventLine(one)}\n`)
        .digest('hex'),
    );
    expect(sealLine({ ...first, count: 1 })).toBe(`${head.slice(0, -1)},"hash":"${first.hash}"}`);
    const next = sealOf(TENANT, first, batchOf([one, two]), SEALED_AT);
    expect(next).toMatchObject({
      number: 2,
      previous: first.hash,
      ids: `{${ID},${SECOND}}`,
      firstId: ID,
      lastId: SECOND,
    });
  });
});
