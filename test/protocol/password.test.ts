import { describe, expect, it } from 'vitest';
import { preparedPassword } from '../../src/protocol/password.ts';
import { ALL_QUIRKS, NO_QUIRKS } from '../../src/protocol/quirks/quirks.ts';
import { readResource } from '../../src/protocol/read-resource.ts';
import { USER_TYPE } from '../../src/schema/resource-types.ts';
import { USER_SCHEMA } from '../../src/schema/urns.ts';
import { shows } from '../support/conformance.ts';
import { refusalOf, refused } from '../support/refusal.ts';
import { patched } from './patch/patching.ts';

describe('a password is prepared as an OpaqueString (RFC 8265 §4)', () => {
  it.each([
    // The examples of §4.3, Table 3.
    ['correct horse battery staple', 'correct horse battery staple'],
    ['Correct Horse Battery Staple', 'Correct Horse Battery Staple'],
    ['πßå', 'πßå'],
    ['Jack of ♦s', 'Jack of ♦s'],
    ['foo\u1680bar', 'foo bar'],
    // NFC, and neither case folding nor width mapping.
    ['e\u0301', 'é'],
    ['ＡＢ', 'ＡＢ'],
    ['\u1112\u1161\u11ab', '한'],
    ['\u3000\u00a0', '  '],
    ['  two  ', '  two  '],
    ['👩‍👧', '👩‍👧'],
  ])('%j is %j', shows('7643-4.1.1-10'), (sent, prepared) => {
    expect(preparedPassword(sent)).toBe(prepared);
    expect(preparedPassword(prepared)).toBe(prepared);
  });

  it.each([
    ['a control character', 'my cat is a \tby', 'U+0009'],
    ['a deletion', 'a\x7f', 'U+007F'],
    ['a soft hyphen', 'a\u00adb', 'U+00AD'],
    ['a character for private use', '\ue000', 'U+E000'],
    ['a noncharacter', 'a\ufdd0', 'U+FDD0'],
    ['an unassigned character', '\u0378', 'U+0378'],
    ['an old jamo alone', '\u1112', 'U+1112'],
  ])('%s is refused, without a word of the rest', (_, sent, name) => {
    const { detail, scimType } = refused(() => preparedPassword(sent));
    expect(scimType).toBe('invalidValue');
    expect(detail).toContain(name);
    expect(detail).not.toContain('cat');
  });

  it('in a POST, a PUT and a PATCH', () => {
    const body = { schemas: [USER_SCHEMA], userName: 'u', password: 'foo\u1680e\u0301' };
    for (const quirks of [ALL_QUIRKS, NO_QUIRKS]) {
      expect(readResource(USER_TYPE, body, quirks).password).toBe('foo é');
      expect(readResource(USER_TYPE, body, quirks).document).not.toHaveProperty('password');
      expect(refusalOf(() => readResource(USER_TYPE, { ...body, password: 'a\n' }, quirks))).toBe('400 invalidValue');
      const operation = { op: 'replace', path: 'password', value: 'foo\u1680e\u0301' };
      expect(patched({ userName: 'u' }, [operation], quirks).password).toBe('foo é');
    }
    expect(refusalOf(() => readResource(USER_TYPE, { ...body, password: '' }, NO_QUIRKS))).toBe('400 invalidValue');
  });
});
