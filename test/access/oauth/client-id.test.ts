import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clientIdText, parseClientId, secretPrefix, secretText } from '../../../src/access/oauth/client-id.ts';
import { parseToken } from '../../../src/access/token.ts';

const PARTS = { tenantId: '01a1fe06-ce3c-700f-b531-3023380e835e', prefix: '5rk0c2wq' };

describe('a client_id', () => {
  it('holds its tenant, has one spelling, and is no token', () => {
    const text = clientIdText(PARTS);
    expect(parseClientId(text)).toEqual(PARTS);
    expect(parseToken(text)).toBeUndefined();
    const last = text.charAt(24);
    for (const other of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz') {
      const spelled = `${text.slice(0, 24)}${other}${text.slice(25)}`;
      const parsed = parseClientId(spelled);
      if (parsed && other !== last) expect(parsed.tenantId).not.toBe(PARTS.tenantId);
    }
  });

  it('is none of these', () => {
    fc.assert(fc.property(fc.string(), (text) => parseClientId(text) === undefined));
    for (const text of ['', 'rc', 'rc..', `${clientIdText(PARTS)} `, clientIdText(PARTS).toUpperCase()]) {
      expect(parseClientId(text)).toBeUndefined();
    }
  });

  it('has secrets whose prefix is public', () => {
    const text = secretText('abcdefgh', 'x'.repeat(43));
    expect(secretPrefix(text)).toBe('abcdefgh');
    expect(secretPrefix(`${text}x`)).toBe('');
  });
});
