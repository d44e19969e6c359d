import { describe, expect, it } from 'vitest';
import { createSeal } from '../../../src/access/oauth/sealing.ts';

describe('a seal', () => {
  const secret = 'x'.repeat(32);
  it('opens what it shut, under the same name', () => {
    const shut = createSeal(secret).shut('{"d":"secret"}', 'kid');
    expect(shut).not.toContain('secret');
    expect(createSeal(secret).open(shut, 'kid')).toBe('{"d":"secret"}');
    expect(createSeal(secret).shut('{"d":"secret"}', 'kid')).not.toBe(shut);
  });
  it('does not open what another shut, nor under another name, nor what was changed', () => {
    const shut = createSeal(secret).shut('text', 'kid');
    const parts = shut.split(':');
    const changed = [...parts.slice(0, -1), Buffer.from('text').toString('base64url')].join(':');
    const cutTag = [...parts.slice(0, 2), String(parts[2]).slice(0, 6), ...parts.slice(3)].join(':');
    for (const [seal, text, name] of [
      [createSeal('y'.repeat(32)), shut, 'kid'],
      [createSeal(undefined), shut, 'kid'],
      [createSeal(secret), shut, 'other'],
      [createSeal(secret), changed, 'kid'],
      [createSeal(secret), cutTag, 'kid'],
    ] as const) {
      expect(() => seal.open(text, name)).toThrow('SIGNING_KEY_SECRET');
    }
  });
  it('lets through what was stored without one', () => {
    expect(createSeal(undefined).shut('{}', 'kid')).toBe('{}');
    expect(createSeal(secret).open('{}', 'kid')).toBe('{}');
  });
});
