import { expect, it } from 'vitest';
import { PAYHAWK } from '../../src/profiles/payhawk.ts';
import { withProvisioning } from '../../src/profiles/provisioning.ts';

it('is what the profile says unless something else is asked for', () => {
  expect(withProvisioning('payhawk', undefined)).toBe('payhawk');
  expect(withProvisioning('payhawk', PAYHAWK.provisioning)).toBe('payhawk');
  expect(withProvisioning(null, 'manual')).toBeNull();
  expect(withProvisioning('nobody', 'manual')).toBe('nobody');
});

it('makes an own profile of one that ships, with SCIM for what is done by hand', () => {
  const own = { name: 'payhawk-own', extends: 'payhawk', scim: true, provisioning: 'manual' };
  expect(withProvisioning('payhawk', 'manual')).toEqual(own);
});

it('goes into an own profile', () => {
  const own = { name: 'acme-vendor', extends: 'payhawk', paging: { maxCount: 5 } };
  expect(withProvisioning(own, 'manual')).toEqual({ ...own, scim: true, provisioning: 'manual' });
  expect(withProvisioning(own, 'direct')).toEqual({ ...own, provisioning: 'direct' });
});

it('is refused where there is none of that name', () => {
  expect(() => withProvisioning('rfc', 'magic')).toThrow('direct or manual');
});
