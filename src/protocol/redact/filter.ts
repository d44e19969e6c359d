import { mentionsRedacted, type RedactionRules } from './rules.ts';
import { REDACTED } from './text.ts';

// Words that are no values: operators and keywords of RFC 7644 §3.4.2.2.
const VOCABULARY = new Set(
  ['eq', 'ne', 'co', 'sw', 'ew', 'pr', 'gt', 'ge', 'lt', 'le', 'and', 'or', 'not'].concat(['true', 'false', 'null']),
);
const STRUCTURE = /^[()[\]]$/;
const WORD = /[^\s"()[\]]+/y;
const SPACE = /\s+/y;

/**
 * A filter, or a path with one, as it may be kept. One that names nothing to redact stays as it is. Of any other nothing is
 * kept but operators and names of attributes, for what is malformed may have the value anywhere.
 */
export function redactFilter(rules: RedactionRules, text: string): string {
  if (!mentionsRedacted(rules, text)) return text;
  return tokensOf(text)
    .map((token) => (isHarmless(rules, token) ? token : `"${REDACTED}"`))
    .join('');
}

function isHarmless({ known }: RedactionRules, token: string): boolean {
  const word = token.toLowerCase();
  if (/^\s/.test(word) || STRUCTURE.test(word) || VOCABULARY.has(word)) return true;
  const path = word.startsWith('urn:ietf:params:scim:') ? word.slice(word.lastIndexOf(':') + 1) : word;
  // Behind a bracket a sub-attribute begins with its dot.
  const names = path.startsWith('.') ? path.slice(1).split('.') : path.split('.');
  return names.every((name) => known.has(name));
}

/** Strings in quotes, words, brackets and what is between them, all of the text. */
function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  for (let at = 0; at < text.length; ) {
    const end = endOf(text, at);
    tokens.push(text.slice(at, end));
    at = end;
  }
  return tokens;
}

function endOf(text: string, at: number): number {
  if (text[at] === '"') {
    for (let end = at + 1; end < text.length; end++) {
      if (text[end] === '"') return end + 1;
      if (text[end] === '\\') end += 1;
    }
    return text.length;
  }
  for (const pattern of [SPACE, WORD]) {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found) return at + found.length;
  }
  return at + 1;
}
