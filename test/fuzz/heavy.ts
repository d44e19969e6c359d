import fc from 'fast-check';
import {
  MAX_JSON_DEPTH,
  MAX_JSON_MEMBERS,
  MAX_PATCH_OPERATIONS,
  MAX_STRING_LENGTH,
  MAX_VALUES_PER_ATTRIBUTE,
} from '../../src/protocol/limits.ts';
import type { JsonObject, JsonValue } from '../../src/schema/json.ts';
import { GROUP_SCHEMA, PATCH_OP, SEARCH_REQUEST, USER_SCHEMA } from '../../src/schema/urns.ts';

/** A request that is as large as it may be, or nearly: what it costs must stay within what any request may. */
export interface Heavy {
  readonly what: string;
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

/** Parts of the limits, most of them all of it. */
const share = fc.constantFrom(1, 1, 1, 0.5, 0.1);
const many = <T>(count: number, of: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => of(index));
const user = (more: JsonObject) => ({ schemas: [USER_SCHEMA], userName: '{{name}}', ...more });
const patch = (operations: readonly JsonValue[]) => ({ schemas: [PATCH_OP], Operations: [...operations] });
const search = (filter: string) => ({ schemas: [SEARCH_REQUEST], filter });

const elements = (count: number) => many(count, (index) => ({ value: `${index}@example.com`, type: 'work' }));

/** Bodies by what is large in them; each gets the share of the limit that it is to have. */
const KINDS: Readonly<
  Record<string, readonly [method: string, path: string, body: (share: number) => JsonValue | string]>
> = {
  values: ['POST', '/Users', (part) => user({ emails: elements(MAX_VALUES_PER_ATTRIBUTE * part) })],
  'values everywhere': [
    'POST',
    '/Users',
    (part) => {
      const list = elements(MAX_VALUES_PER_ATTRIBUTE * part);
      return user({ emails: list, phoneNumbers: list, ims: list, roles: list, entitlements: list });
    },
  ],
  'operations on one attribute': [
    'PATCH',
    '/Users/{{full}}',
    (part) => patch(many(MAX_PATCH_OPERATIONS * part, (at) => ({ op: 'replace', path: 'title', value: `${at}` }))),
  ],
  'operations over all values': [
    'PATCH',
    '/Users/{{full}}',
    (part) => patch(many(249 * part, (at) => ({ op: 'replace', path: 'emails.display', value: `${at}` }))),
  ],
  'operations with filters': [
    'PATCH',
    '/Users/{{full}}',
    (part) =>
      patch(
        many(249 * part, (at) => ({
          op: 'replace',
          path: `emails[value eq "${at}@example.com"].display`,
          value: `${at}`,
        })),
      ),
  ],
  'values added one by one': [
    'PATCH',
    '/Users/{{empty}}',
    (part) =>
      patch(
        many(MAX_VALUES_PER_ATTRIBUTE * part, (at) => ({ op: 'add', path: 'emails', value: [{ value: `${at}` }] })),
      ),
  ],
  'terms that compare': [
    'POST',
    '/Users/.search',
    (part) => search(many(249 * part, (at) => `emails.value co "${at}x"`).join(' or ')),
  ],
  'terms that negate': [
    'POST',
    '/.search',
    (part) => search(many(110 * part, (at) => `not (emails.value ew "${at}x")`).join(' and ')),
  ],
  'filters in values': [
    'POST',
    '/Users/.search',
    (part) => search(many(90 * part, (at) => `emails[value sw "${at}" and type eq "work"]`).join(' or ')),
  ],
  'members nobody knows': [
    'POST',
    '/Users',
    (part) => {
      const keys = many((MAX_JSON_MEMBERS - 2) * part, (at) => `"k${at}":1`);
      return `{"schemas":["${USER_SCHEMA}"],"userName":"{{name}}",${keys.join(',')}}`;
    },
  ],
  objects: [
    'POST',
    '/Users',
    (part) => `{"schemas":["${USER_SCHEMA}"],"userName":"{{name}}","x":[${'{"a":[]},'.repeat(190_000 * part)}1]}`,
  ],
  numbers: [
    'POST',
    '/Users',
    (part) => `{"schemas":["${USER_SCHEMA}"],"userName":"{{name}}","x":[${'1e999,'.repeat(590_000 * part)}1]}`,
  ],
  strings: [
    'POST',
    '/Users',
    (part) =>
      user({ x: many(36 * part, () => 'x'.repeat(MAX_STRING_LENGTH)), title: 'ß'.repeat(MAX_STRING_LENGTH * part) }),
  ],
  depth: [
    'POST',
    '/Users',
    (part) => {
      const deep = `${'['.repeat(MAX_JSON_DEPTH - 3)}${']'.repeat(MAX_JSON_DEPTH - 3)}`;
      return `{"schemas":["${USER_SCHEMA}"],"userName":"{{name}}","x":[${`${deep},`.repeat(19_000 * part)}1]}`;
    },
  ],
  'members that there are not': [
    'POST',
    '/Groups',
    (part) => ({
      schemas: [GROUP_SCHEMA],
      displayName: '{{name}}',
      members: many(50_000 * part, (at) => ({ value: `none-${at}` })),
    }),
  ],
  escapes: ['POST', '/Users', (part) => user({ title: '\\"\u2028'.repeat(80_000 * part) })],
};

/** A request of one of the kinds. */
export const heavy: fc.Arbitrary<Heavy> = fc
  .tuple(fc.constantFrom(...Object.keys(KINDS)), share)
  .map(([what, part]) => {
    const [method, path, body] = KINDS[what] ?? ['GET', '/', () => ''];
    const content = body(part);
    return {
      what: `${what}, ${part}`,
      method,
      path,
      body: typeof content === 'string' ? content : JSON.stringify(content),
    };
  });
