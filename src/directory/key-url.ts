import type { HostRules } from '../access/oauth/host-rules.ts';
import { invalidValue } from '../protocol/errors.ts';
import { abridged } from '../protocol/json.ts';

/** Longest URL of keys or of an issuer. */
export const MAX_KEY_URL_LENGTH = 600;

/** A URL from which keys may be fetched. */
export function keyUrlAsked(hosts: HostRules, name: string, url: string): string {
  const problem =
    url.length > MAX_KEY_URL_LENGTH ? `is longer than ${MAX_KEY_URL_LENGTH} characters` : hosts.problemOf(url);
  if (problem === undefined && /^[\x21-\x7e]+$/.test(url)) return url;
  throw invalidValue(`The ${name} "${abridged(url)}" ${problem ?? 'holds characters that a URL does not have'}.`);
}
