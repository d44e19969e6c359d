import { describe, expect, it } from 'vitest';
import { PROFILES } from '../../src/profiles/index.ts';
import { DEFAULT_ROLE_NAMES, dialectOf } from '../../src/profiles/resolve.ts';
import { attributesOf, resolved } from '../../src/schema/registry.ts';
import { GROUP_TYPE, USER_TYPE } from '../../src/schema/resource-types.ts';
import { attributeNumber } from '../../src/storage/catalog.ts';

describe('attributeNumber', () => {
  it('gives every attribute of every built-in type a number of its own', () => {
    const types = PROFILES.flatMap(
      (profile) => dialectOf(profile, 'lenient', { roles: DEFAULT_ROLE_NAMES }).registry.types,
    );
    const keys = new Set<string>();
    for (const type of [USER_TYPE, GROUP_TYPE, ...types]) {
      for (const { extension, attribute, path } of attributesOf(type)) {
        keys.add(`${type.name}/${path}`);
        for (const sub of attribute.subAttributes ?? []) {
          keys.add(`${type.name}/${resolved(extension, attribute, sub).path}`);
        }
      }
    }
    const numbers = [...keys].map((key) => {
      const slash = key.indexOf('/');
      return attributeNumber(key.slice(0, slash), key.slice(slash + 1));
    });
    expect(keys.size).toBeGreaterThan(100);
    expect(new Set(numbers).size).toBe(keys.size);
  });

  it('never changes, because stored rows bear it', () => {
    expect(attributeNumber('User', 'emails.value')).toBe(-1289360339);
    expect(attributeNumber('User', 'EMAILS.Value')).toBe(-1289360339);
  });

  it('fits into an int4', () => {
    for (const path of ['title', 'name.familyName', 'nickName', 'schemas']) {
      const number = attributeNumber('User', path);
      expect(number).toBe(number | 0);
    }
  });
});
