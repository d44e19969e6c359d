import { Value } from '@sinclair/typebox/value';
import { describe, expect, it } from 'vitest';
import { DEFAULT_PROFILE, PROFILES, profileNamed } from '../../src/profiles/index.ts';
import { Profile } from '../../src/profiles/profile.ts';
import { DEMANDS } from '../../src/protocol/quirks/demands.ts';
import { QUIRKS } from '../../src/protocol/quirks/quirks.ts';

describe('the profiles that ship', () => {
  it.each(PROFILES.map((profile) => [profile.name, profile] as const))(
    '%s has every key of the type, and no other',
    (_, profile) => {
      expect([...Value.Errors(Profile, profile)]).toEqual([]);
      expect(Value.Check(Profile, { ...profile, surprise: true })).toBe(false);
    },
  );

  it.each(PROFILES.map((profile) => [profile.name, profile] as const))(
    '%s names only tolerances and demands that there are',
    (_, profile) => {
      for (const quirk of Object.keys(profile.quirks)) expect(Object.keys({ ...QUIRKS, ...DEMANDS })).toContain(quirk);
    },
  );

  it.each(PROFILES.map((profile) => [profile.name, profile] as const))(
    '%s has pages that fit its limit',
    (_, profile) => {
      expect(profile.paging.defaultCount).toBeGreaterThan(0);
      expect(profile.paging.defaultCount).toBeLessThanOrEqual(profile.paging.maxCount);
    },
  );

  it('are found by their exact name', () => {
    for (const profile of PROFILES) expect(profileNamed(profile.name)).toBe(profile);
    for (const name of ['', 'RFC', 'toString', '__proto__']) expect(profileNamed(name)).toBeUndefined();
    expect(new Set(PROFILES.map(({ name }) => name)).size).toBe(PROFILES.length);
  });

  it('begin with the default one', () => {
    expect(PROFILES[0]).toBe(DEFAULT_PROFILE);
    expect(DEFAULT_PROFILE.name).toBe('role-object');
  });
});

describe('role-object', () => {
  it('deviates from the RFC as its document says', () => {
    expect(profileNamed('role-object')).toMatchObject({
      addressBy: 'id-or-externalId',
      invalidInputStatus: 422,
      roles: 'named',
      rolesOut: 'object',
      protectOwner: 'delete',
    });
  });
});

describe('rfc', () => {
  it('is the empty deviation', () => {
    expect(profileNamed('rfc')).toMatchObject({ addressBy: 'id', invalidInputStatus: 400, roles: 'open', quirks: {} });
  });
});
