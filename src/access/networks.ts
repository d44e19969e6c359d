import { BlockList, isIP } from 'node:net';

/** Whether the text is an IP address, or a network as `address/bits` (RFC 4632 §3.1, RFC 4291 §2.3). */
export function isNetwork(text: string): boolean {
  return partsOf(text) !== undefined;
}

/** A test for addresses that lie in one of the networks; null holds every address. */
export function within(networks: readonly string[] | null): (address: string) => boolean {
  if (networks === null) return () => true;
  const list = new BlockList();
  for (const network of networks) {
    const parts = partsOf(network);
    if (parts) list.addSubnet(parts.address, parts.bits, parts.family);
  }
  // A socket that takes both families shows IPv4 as ::ffff:192.0.2.1, which the list knows to be the same.
  return (address) => {
    const version = isIP(address);
    return version !== 0 && list.check(address, familyOf(version));
  };
}

function partsOf(text: string): { address: string; bits: number; family: 'ipv4' | 'ipv6' } | undefined {
  const [address = '', length, ...more] = text.split('/');
  const version = isIP(address);
  // A zone such as %eth0 names an interface of one machine and no network.
  if (version === 0 || more.length > 0 || address.includes('%')) return undefined;
  const longest = version === 4 ? 32 : 128;
  if (length === undefined) return { address, bits: longest, family: familyOf(version) };
  if (!/^(0|[1-9]\d{0,2})$/.test(length) || Number(length) > longest) return undefined;
  return { address, bits: Number(length), family: familyOf(version) };
}

function familyOf(version: number): 'ipv4' | 'ipv6' {
  return version === 4 ? 'ipv4' : 'ipv6';
}
