import { describe, expect, it } from 'vitest';
import { isNetwork, within } from '../../src/access/networks.ts';

describe('isNetwork', () => {
  it.each(['192.0.2.7', '192.0.2.0/24', '0.0.0.0/0', '10.0.0.1/32', '::1', '2001:db8::/32', '::/0', 'fe80::1/128'])(
    'takes %s',
    (text) => expect(isNetwork(text)).toBe(true),
  );

  it.each(
    [
      ['', 'localhost', '192.0.2', '192.0.2.0/33', '192.0.2.0/', '192.0.2.0/-1', '192.0.2.0/024', '192.0.2.0/24/1'],
      ['2001:db8::/129', 'fe80::1%eth0', '192.0.2.0/255.255.255.0', '1.2.3.4/1e1', ' 192.0.2.7', '300.1.1.1'],
    ].flat(),
  )('refuses %j', (text) => expect(isNetwork(text)).toBe(false));
});

describe('within', () => {
  const allows = within(['192.0.2.0/24', '198.51.100.7', '2001:db8::/32']);

  it.each(['192.0.2.0', '192.0.2.255', '198.51.100.7', '2001:db8::1', '::ffff:192.0.2.9'])('holds %s', (address) =>
    expect(allows(address)).toBe(true),
  );

  it.each(['192.0.3.0', '198.51.100.8', '2001:db9::1', '::ffff:192.0.3.9', '', 'unknown', '192.0.2.1, 10.0.0.1'])(
    'does not hold %j',
    (address) => expect(allows(address)).toBe(false),
  );

  it('holds everything where no network is named, and nothing where the list is empty', () => {
    expect(within(null)('203.0.113.1')).toBe(true);
    expect(within([])('203.0.113.1')).toBe(false);
  });
});
