import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  hashOfToken,
  keyText,
  parseToken,
  prefixFrom,
  prefixNamed,
  publicPrefix,
  tokenText,
} from '../../src/access/token.ts';
import { shows } from '../support/conformance.ts';

const secret = () => randomBytes(32).toString('base64url');

describe('token text', () => {
  it('gives back the tenant and the prefix that it was made of', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.stringMatching(/^[a-z0-9]{8}$/), (tenantId, prefix) => {
        expect(parseToken(tokenText({ tenantId, prefix }, secret()))).toEqual({ tenantId, prefix });
      }),
    );
  });

  it('is named by its prefix and by the public one of its own tenant', () => {
    const parts = { tenantId: '01980000-0000-7000-8000-000000000000', prefix: 'abcd1234' };
    const [shown = ''] = keyText(parts, secret()).split('.');
    expect(shown).toBe(publicPrefix(parts));
    expect([prefixNamed(parts.tenantId, shown), prefixNamed(parts.tenantId, 'abcd1234')]).toEqual([
      'abcd1234',
      'abcd1234',
    ]);
    const other = publicPrefix({ ...parts, tenantId: '01980000-0000-7000-8000-000000000001' });
    expect(prefixNamed(parts.tenantId, other)).toBe(other);
  });

  it('has four parts of fixed length', shows('7644-7.4-1'), () => {
    const text = tokenText({ tenantId: '01980000-0000-7000-8000-000000000000', prefix: 'abcd1234' }, secret());
    expect(text.split('.').map((part) => part.length)).toEqual([2, 22, 8, 43]);
  });

  it.each([
    ['', 'nothing'],
    ['non-token', 'a word'],
    [`rc.${'A'.repeat(22)}.abcd1234.${'s'.repeat(42)}`, 'a secret too short'],
    [`rc.${'A'.repeat(22)}.abcd1234.${'s'.repeat(44)}`, 'a secret too long'],
    [`rc.${'A'.repeat(22)}.ABCD1234.${'s'.repeat(43)}`, 'a prefix in upper case'],
    [`RC.${'A'.repeat(22)}.abcd1234.${'s'.repeat(43)}`, 'another beginning'],
    [`rc.${'A'.repeat(22)}.abcd1234.${'s'.repeat(43)}\n`, 'a line break at the end'],
  ])('is not %j (%s)', (text) => {
    expect(parseToken(text)).toBeUndefined();
  });

  it('is stored as a SHA-256 that differs for each token', shows('7643-9.2-2', '7644-2.1-2', '7644-7.7-1'), () => {
    const parts = { tenantId: '01980000-0000-7000-8000-000000000000', prefix: 'abcd1234' };
    const [one, two] = [tokenText(parts, secret()), tokenText(parts, secret())];
    expect(hashOfToken(one)).toMatch(/^[0-9a-f]{64}$/);
    expect(hashOfToken(one)).not.toBe(hashOfToken(two));
  });
});

describe('prefixFrom', () => {
  it('makes eight lower-case letters and digits of any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(prefixFrom(text)).toMatch(/^[a-z0-9]{8}$/);
      }),
    );
  });
});
