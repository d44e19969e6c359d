import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openCursor, sealCursor } from '../../src/directory/cursor.ts';
import { MAX_CURSOR_LENGTH } from '../../src/protocol/limits.ts';
import { shows } from '../support/conformance.ts';

const SECRET = 'a secret';
const BINDING = ['tenant', 'credential:abc', 'https://h/scim/v2', '/Users', 'query'];
const ID = '0196f1c2-7a00-7000-8000-000000000001';

const content = (key: string | null = 'ann@example.com') => ({
  position: { id: ID, key, backwards: false, inclusive: false },
  count: 10,
  issuedAt: new Date('2026-11-21T10:00:00.123Z'),
});

describe('a cursor', () => {
  it('holds what was sealed', shows('9865-2-2'), () => {
    const contents = fc.record({
      position: fc.record({
        id: fc.uuid(),
        key: fc.option(fc.string({ unit: 'binary', maxLength: 500 })),
        backwards: fc.boolean(),
        inclusive: fc.boolean(),
      }),
      count: fc.integer({ min: 1, max: 1000 }),
      issuedAt: fc.date({ noInvalidDate: true }),
    });
    fc.assert(
      fc.property(contents, fc.array(fc.string()), (sealed, binding) => {
        const cursor = sealCursor(SECRET, binding, sealed);
        // RFC 9865 §2: characters that are unreserved in a URI.
        expect(cursor).toMatch(/^[A-Za-z0-9_-]+$/);
        expect(cursor.length).toBeLessThanOrEqual(MAX_CURSOR_LENGTH);
        expect(openCursor(SECRET, binding, cursor)).toEqual(sealed);
      }),
    );
  });

  it('shows nothing of what it holds', shows('9865-5.2-4'), () => {
    const bytes = Buffer.from(sealCursor(SECRET, BINDING, content()), 'base64url').toString('latin1');
    expect(bytes).not.toContain('ann');
    expect(bytes).not.toContain(ID.slice(0, 8));
  });

  it('opens with its own secret and binding only', shows('9865-5.2-1'), () => {
    const cursor = sealCursor(SECRET, BINDING, content());
    expect(openCursor(SECRET, BINDING, cursor)).toEqual(content());
    expect(openCursor('another secret', BINDING, cursor)).toBeUndefined();
    for (const index of BINDING.keys()) {
      expect(openCursor(SECRET, BINDING.with(index, 'x'), cursor)).toBeUndefined();
    }
    // Neither do parts of the binding that run together.
    expect(openCursor(SECRET, ['tenantcredential:abc', ...BINDING.slice(2)], cursor)).toBeUndefined();
    expect(openCursor(SECRET, [...BINDING, ''], cursor)).toBeUndefined();
  });

  it('is spoilt by a change of any character, and by any cut or addition', shows('9865-5.2-4'), () => {
    const cursor = sealCursor(SECRET, BINDING, content());
    for (let at = 0; at < cursor.length; at++) {
      for (const character of ['A', 'B', '-', '_', '=', '+', '/', '.', ' ', '%']) {
        if (cursor[at] === character) continue;
        const changed = cursor.slice(0, at) + character + cursor.slice(at + 1);
        expect(openCursor(SECRET, BINDING, changed), changed).toBeUndefined();
      }
      expect(openCursor(SECRET, BINDING, cursor.slice(0, at))).toBeUndefined();
      expect(openCursor(SECRET, BINDING, cursor.slice(at + 1))).toBeUndefined();
    }
    for (const more of ['A', 'AAAA', '=', '\n', ' ']) {
      expect(openCursor(SECRET, BINDING, cursor + more)).toBeUndefined();
      expect(openCursor(SECRET, BINDING, more + cursor)).toBeUndefined();
    }
  });

  it('is no other text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.base64String(), fc.stringMatching(/^[\w-]*$/)), (text) => {
        expect(openCursor(SECRET, BINDING, text)).toBeUndefined();
      }),
    );
  });

  it('is read up to its limit', () => {
    const lengths = (key: number) => sealCursor(SECRET, BINDING, content('x'.repeat(key))).length;
    let fitting = 5000;
    while (lengths(fitting + 1) <= MAX_CURSOR_LENGTH) fitting++;
    const [longest, longer] = [fitting, fitting + 1].map((key) =>
      sealCursor(SECRET, BINDING, content('x'.repeat(key))),
    );
    expect(longest?.length).toBeGreaterThan(MAX_CURSOR_LENGTH - 4);
    expect(openCursor(SECRET, BINDING, longest ?? '')?.position.key).toHaveLength(fitting);
    expect(longer?.length).toBeGreaterThan(MAX_CURSOR_LENGTH);
    expect(openCursor(SECRET, BINDING, longer ?? '')).toBeUndefined();
  });
});
