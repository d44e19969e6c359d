import { redactFilter } from './filter.ts';
import { type RedactionRules, SECRET_WORDS } from './rules.ts';
import { REDACTED, withoutTokens } from './text.ts';

// Attributes whose value may stand in a path in place of an id.
const ADDRESSES = ['externalid', 'username', 'displayname'];

/** What is kept of a path with its query. */
export interface KeptUrl {
  readonly text: string;
  /** Whether a value was redacted, of which an error may quote any part. */
  readonly unsure: boolean;
}

/** A path with its query as it may be kept; `named` says that its last part names a resource by something else than its id. */
export function keptUrl(rules: RedactionRules, url: string, named: boolean): KeptUrl {
  const question = url.indexOf('?');
  const path = question === -1 ? url : url.slice(0, question);
  const hides = named && ADDRESSES.some((attribute) => rules.whole.has(attribute));
  const shown = hides ? path.replace(/[^/]*\/*$/, REDACTED) : path;
  if (question === -1) return keptWithoutTokens(shown, hides);
  const query = url.slice(question + 1);
  const kept = query
    .split('&')
    .map((parameter) => keptParameter(rules, parameter))
    .join('&');
  return keptWithoutTokens(`${shown}?${kept}`, hides || kept !== query);
}

function keptWithoutTokens(url: string, unsure: boolean): KeptUrl {
  const text = withoutTokens(url);
  return { text, unsure: unsure || text !== url };
}

function keptParameter(rules: RedactionRules, parameter: string): string {
  const equals = parameter.indexOf('=');
  if (equals === -1) return parameter;
  const name = parameter.slice(0, equals);
  const [plainName, value] = [decoded(name), decoded(parameter.slice(equals + 1))];
  if (plainName === undefined || value === undefined) return REDACTED;
  const lower = plainName.toLowerCase();
  if (SECRET_WORDS.some((word) => lower.includes(word)) || rules.whole.has(lower)) return `${name}=${REDACTED}`;
  // The lists of names and the words of sorting are no values, and a cursor is encrypted.
  if (['attributes', 'excludedattributes', 'sortby', 'sortorder', 'cursor'].includes(lower)) return parameter;
  const redacted = redactFilter(rules, value);
  return redacted === value ? parameter : `${name}=${redacted}`;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}
