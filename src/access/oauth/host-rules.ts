import { BlockList, isIP } from 'node:net';

/** Which hosts keys may be fetched from, as the settings list them. */
export interface HostLists {
  /** `host`, `host:port` or `*.domain`, with commas between them; their addresses must be public. */
  readonly hosts?: string;
  /** The same, of one's own network: their addresses may be any, and http suffices for loopback ones. */
  readonly privateHosts?: string;
}

/** The hosts that keys may be fetched from. */
export interface HostRules {
  /** Why nothing may be fetched from there, or undefined when it may. */
  problemOf(url: string): string | undefined;
  /** Whether the address may be connected to for that URL. */
  admits(url: URL, address: string): boolean;
}

// A name or an address, with an optional port; a star stands for whatever is before a domain.
const ENTRY = /^(?:\*\.)?(?:[a-z0-9_-]+(?:\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\])(?::\d{1,5})?$/;
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** Addresses that no public host has (RFC 6890 and its registries). */
const NOT_PUBLIC = new BlockList();
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const) {
  NOT_PUBLIC.addSubnet(net, bits, 'ipv4');
}
// Of IPv6 only 2000::/3 is given out, and in it some parts lead to IPv4 or nowhere.
const GIVEN_OUT = new BlockList();
GIVEN_OUT.addSubnet('2000::', 3, 'ipv6');
for (const [net, bits] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const) {
  NOT_PUBLIC.addSubnet(net, bits, 'ipv6');
}

/** Why a list of hosts can't be used, naming the entry; undefined when it can. */
export function hostListProblem(text: string): string | undefined {
  return entriesOf(text).find((entry) => !ENTRY.test(entry));
}

/** The rules that the lists make. Without any host nothing is fetched. */
export function createHostRules({ hosts = '', privateHosts = '' }: HostLists = {}): HostRules {
  const open = entriesOf(hosts);
  const own = entriesOf(privateHosts);
  return {
    problemOf(text) {
      if (!URL.canParse(text)) return 'is no URL';
      const url = new URL(text);
      if (url.username !== '' || url.password !== '' || url.hash !== '') return 'has a user name or a fragment';
      const isOwn = listed(own, url);
      if (url.protocol === 'http:' && isOwn && LOOPBACK.test(url.hostname)) return undefined;
      if (url.protocol !== 'https:') return 'is not https';
      if (isOwn) return undefined;
      if (!listed(open, url)) return `has the host ${url.host}, which the setting JWKS_HOSTS does not list`;
      const address = bare(url.hostname);
      return isIP(address) !== 0 && !isPublic(address) ? 'has an address that is not public' : undefined;
    },
    admits: (url, address) => listed(own, url) || (listed(open, url) && isPublic(address)),
  };
}

/** Whether an address is one that anybody on the Internet may have. */
export function isPublic(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !NOT_PUBLIC.check(address, 'ipv4');
    case 6:
      return GIVEN_OUT.check(address, 'ipv6') && !NOT_PUBLIC.check(address, 'ipv6');
    default:
      return false;
  }
}

function listed(entries: readonly string[], { hostname, host }: URL): boolean {
  // A URL without a port has the port of its scheme; an entry without a port means that one.
  return entries.some((entry) =>
    entry.startsWith('*.') ? host.endsWith(entry.slice(1)) && hostname !== '' : host === entry,
  );
}

function entriesOf(text: string): string[] {
  return text
    .split(',')
    .map((entry) => entry.trim().toLowerCase())
    .filter((entry) => entry !== '');
}

function bare(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '');
}
