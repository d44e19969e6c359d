import { describe, expect, it } from 'vitest';
import { MAX_STRING_LENGTH } from '../../src/protocol/limits.ts';
import { ALL_QUIRKS, NO_QUIRKS } from '../../src/protocol/quirks/quirks.ts';
import { isUriReference } from '../../src/protocol/uri.ts';
import { readValue } from '../../src/protocol/values.ts';
import { attribute } from '../../src/schema/attribute.ts';
import { refusalOf } from '../support/refusal.ts';

const URIS = [
  'https://example.com/Users/26118915-6090-4610-87e4-49d8ca9f808d',
  'HTTP://user:pw@example.com:8080/a;b=c/./..//d?e=/?f#g/?',
  'https://example.com/%C3%A9',
  'https://[2001:db8::7]:443/x',
  'urn:ietf:params:scim:schemas:core:2.0:User',
  'mailto:a@b.c',
  'data:image/png;base64,iVBORw0KGgo=',
  '../Users/26118915-6090-4610-87e4-49d8ca9f808d',
  'Users/1',
  '/Users/1',
  '//example.com/x',
  '?a=b',
  '#f',
  './a:b',
];
const OTHER = [
  '',
  'my page',
  'https://example.com/é',
  'https://example.com/%zz',
  'https://example.com/%4',
  'a"b',
  'a\\b',
  '<https://example.com>',
  'a{b}',
  'https://a/#b#c',
  '1http:x',
  ':x',
  'ht[tp://x',
  'https://example.com/[x]',
  'https://example.com/x\n',
];

describe('a reference is a URI (RFC 7643 §2.3.7)', () => {
  it.each(URIS)('%s is', (text) => {
    expect(isUriReference(text)).toBe(true);
  });

  it.each(OTHER)('%j is not', (text) => {
    expect(isUriReference(text)).toBe(false);
  });

  it('where the letter counts, and any text where real clients are understood', () => {
    const definition = attribute('profileUrl', 'URL.', { type: 'reference', referenceTypes: ['external'] });
    for (const text of OTHER.filter((one) => one !== '')) {
      expect(readValue(definition, text, 'profileUrl', ALL_QUIRKS)).toBe(text);
      expect(refusalOf(() => readValue(definition, text, 'profileUrl', NO_QUIRKS))).toBe('400 invalidValue');
    }
  });

  it('is found out in no time, however long the text', () => {
    const started = performance.now();
    for (const part of ['a', '%41', '/', '[', ':', '//[', 'a@', '%']) {
      isUriReference(part.repeat(MAX_STRING_LENGTH / part.length));
    }
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
