import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keptText, LONGEST_TOKEN, withoutTokens } from '../../../src/protocol/redact/text.ts';

const SECRET = 's'.repeat(43);
const TENANT = 'A'.repeat(22);
const TOKEN = `rc.${TENANT}.abcd1234.${SECRET}`;
const KEY = `${TENANT}abcd1234.${SECRET}`;
const CLIENT_SECRET = `rcs.abcd1234.${SECRET}`;
const JWT = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl';
const EACH = [TOKEN, KEY, CLIENT_SECRET, JWT];

/** Every character with its code, as RFC 3986 §2.3 allows it. */
const encoded = (text: string) => text.replace(/./g, (one) => `%${one.charCodeAt(0).toString(16)}`);

describe('a text without tokens', () => {
  it('has none, wherever they stand', () => {
    expect(withoutTokens(`a ${TOKEN}, "${KEY}" ${JWT}. ${CLIENT_SECRET}`)).toBe(
      'a [redacted], "[redacted]" [redacted]. [redacted]',
    );
  });

  it.each(EACH)('has none behind an escape or within percent-encoding: %s', (token) => {
    for (const before of ['%22', '%2522', '%0A', '=', '/', '_', 'x', '\\', 'CORP\\']) {
      expect(withoutTokens(before + token), before).not.toMatch(/s{3}|c2ln/);
    }
    expect(withoutTokens(`/Users/${token.replaceAll('.', '%2E')}?a`)).toBe('/Users/[redacted]?a');
    expect(withoutTokens(encoded(token))).toBe('[redacted]');
  });

  it('is as it was where it has none', () => {
    const texts = [
      'https://example.com/Users/01a1fe06-ce3c-700f-b531-3023380e835e.json',
      '%7Euser%2Ename?x=%2E%ZZ',
      `main.${'0123456789abcdef'.repeat(4)}.js`,
      '{"a":"eyJ","b":"eyJabc","c":"eyJa.b"}',
      '{"schemas":["urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],"displayName":"arcs.quarters.somewhere"}',
    ];
    for (const text of texts) expect(withoutTokens(text)).toBe(text);
  });

  it('is JSON where it was', () => {
    const pieces = fc.constantFrom(
      ...EACH,
      ...['\r', '\n', '\t', '"', '\\', '\u0001', '\u000e', 'c.', `c${TOKEN.slice(2)}`, `yJ${JWT.slice(3)}`],
      ...[KEY.slice(1), KEY.slice(2), KEY.slice(4), '%22', '%2E', '…', 'é'],
    );
    const strings = fc.array(pieces, { maxLength: 5 }).map((parts) => parts.join(''));
    const number = `${'1'.repeat(30)}.${'2'.repeat(43)}`;
    fc.assert(
      fc.property(fc.array(strings, { maxLength: 4 }), (sent) => {
        const json = `{"a":${number},"b":${JSON.stringify(sent)},"c":${JSON.stringify(JSON.stringify(sent))}}`;
        const shown = withoutTokens(json);
        expect(() => JSON.parse(shown)).not.toThrow();
        expect(shown).toContain(number);
      }),
      { numRuns: 2000 },
    );
  });

  it('has not the beginning of one that an error quotes, either', () => {
    for (const token of [TOKEN, KEY, CLIENT_SECRET]) {
      const end = token.length - SECRET.length;
      for (let shown = 16; shown < 43; shown++) {
        expect(withoutTokens(`"${token.slice(0, end + shown)}…"`)).toBe('"[redacted]…"');
      }
    }
  });

  it('has nothing of one that is cut off', () => {
    for (const token of EACH) {
      for (let limit = 0; limit < token.length + 10; limit++) {
        expect(keptText(`xxxxxx ${token} yyyyy`, limit).text).not.toMatch(/s{3}|c2ln/);
      }
    }
    const long = `eyJh.${'p'.repeat(LONGEST_TOKEN * 2)}.${SECRET}`;
    expect(keptText(`"${long}"`, 100)).toEqual({ text: '"[redacted]…', cut: true });
  });

  it.each(['eyJ', 'eyJ.', 'eyJa.', '-', 'rc.', 'rcs.abcd1234.', `${TENANT}abcd1234.`, '\\', `\\${KEY}`, '%2E', '.'])(
    'is made in time that grows with it alone, of many "%s"',
    (piece) => {
      const text = piece.repeat(400_000 / piece.length);
      const before = performance.now();
      withoutTokens(`${text}.${SECRET}`);
      withoutTokens(`.${SECRET} ${text}`);
      // A square of the length would take minutes.
      expect(performance.now() - before).toBeLessThan(2000);
    },
  );
});
