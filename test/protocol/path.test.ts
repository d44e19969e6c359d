import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ScimError } from '../../src/protocol/errors.ts';
import { MAX_FILTER_LENGTH } from '../../src/protocol/filter/limits.ts';
import { filterLeniencies, parseFilter } from '../../src/protocol/filter/parse.ts';
import { type PatchPath, parsePatchPath } from '../../src/protocol/path.ts';
import { ALL_QUIRKS, NO_QUIRKS } from '../../src/protocol/quirks/quirks.ts';
import { filterTextFor, SAMPLE_TYPE } from '../support/generators.ts';

const LENIENT = filterLeniencies(ALL_QUIRKS);
const STRICT = filterLeniencies(NO_QUIRKS);
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const CORE = 'urn:ietf:params:scim:schemas:core:2.0:User';

const filter = (text: string) => parseFilter(text, LENIENT);

describe('paths', () => {
  test.each<[string, PatchPath]>([
    ['userName', { path: 'userName' }],
    ['Name.FamilyName', { path: 'Name.FamilyName' }],
    ['$ref', { path: '$ref' }],
    ['constructor', { path: 'constructor' }],
    ['not', { path: 'not' }],
    ['members', { path: 'members' }],
    ['members[value eq "x"]', { path: 'members', filter: filter('value eq "x"') }],
    ['emails[type eq "work"].value', { path: 'emails', filter: filter('type eq "work"'), sub: 'value' }],
    ['members[value eq "x"].$ref', { path: 'members', filter: filter('value eq "x"'), sub: '$ref' }],
    [
      'emails[type eq "a].b" and (value ew "]" or not (primary eq true))].display',
      { path: 'emails', filter: filter('type eq "a].b" and (value ew "]" or not (primary eq true))'), sub: 'display' },
    ],
    ['schemas[value eq "urn:x"]', { path: 'schemas', filter: filter('value eq "urn:x"') }],
    ['roles[primary eq "True"].value', { path: 'roles', filter: filter('primary eq "True"'), sub: 'value' }],
    [`${ENTERPRISE}`, { path: ENTERPRISE }],
    ['urn:example:ext:1.0', { path: 'urn:example:ext:1.0' }],
    [`${ENTERPRISE}:manager`, { path: `${ENTERPRISE}:manager` }],
    [`${ENTERPRISE}:manager.value`, { path: `${ENTERPRISE}:manager.value` }],
    [
      `${CORE}:emails[type eq "work"].value`,
      { path: `${CORE}:emails`, filter: filter('type eq "work"'), sub: 'value' },
    ],
    ['emails[ type eq "work" ].value', { path: 'emails', filter: filter('type eq "work"'), sub: 'value' }],
  ])('%s', (text, expected) => {
    expect(parsePatchPath(text, STRICT)).toEqual(expected);
    expect(parsePatchPath(text, LENIENT)).toEqual(expected);
  });

  test("RFC 7644's own example, which its grammar lacks", () => {
    expect(parsePatchPath('members[value eq"2819c223...919d-413861904646"]', LENIENT)).toEqual({
      path: 'members',
      filter: filter('value eq "2819c223...919d-413861904646"'),
    });
  });

  test('any filter can stand between the brackets', () => {
    fc.assert(
      fc.property(filterTextFor(SAMPLE_TYPE), (text) => {
        fc.pre(text.length < MAX_FILTER_LENGTH - 10 && !text.includes('['));
        expect(parsePatchPath(`a[${text}].b`, STRICT)).toEqual({
          path: 'a',
          filter: parseFilter(text, STRICT),
          sub: 'b',
        });
      }),
    );
  });
});

function refusal(text: string): ScimError {
  try {
    parsePatchPath(text, LENIENT);
  } catch (error) {
    if (error instanceof ScimError) return error;
    throw error;
  }
  throw new Error(`accepted: ${text}`);
}

describe('what is no path', () => {
  test.each([
    '',
    ' ',
    ' userName',
    'userName ',
    '.a',
    'a.',
    'a..b',
    'a.b.c',
    '[type eq "work"]',
    'emails[',
    'emails[type eq "work"',
    'emails[type eq "work" and',
    'emails[(type eq "work"',
    'emails]',
    'emails[type eq "work"]value',
    'emails[type eq "work"].',
    'emails[type eq "work"]. value',
    'emails[type eq "work"].value.x',
    'emails[type eq "work"].value[a pr]',
    'emails[type eq "work"][a pr]',
    'emails[type eq "work"] ',
    'emails[type eq "work"].value eq "x"',
    'emails [type eq "work"]',
    'name.x[type pr]',
    'userName eq "x"',
    '__proto__',
    '__proto__.polluted',
    'a.__proto__',
    'a[type pr].__proto__',
    '2fa',
    'a/b',
    'a\nb',
    'a\u0000',
    'urn:',
    'urn:x',
    `${ENTERPRISE}:`,
    `${ENTERPRISE}:a..b`,
    `${ENTERPRISE}:a.b.c`,
  ])('%j', (text) => {
    expect([refusal(text).status, refusal(text).scimType]).toEqual([400, 'invalidPath']);
  });

  test.each([
    'emails[]',
    'emails[type]',
    'emails[type eq]',
    'emails[type regex "work"]',
    'emails[not type eq "work"]',
    'emails[(type eq "work"]',
    'emails[type eq "work")]',
    'emails[a[b pr]]',
    'emails[type eq "work]',
    'emails[type eq "\\ud800"]',
  ])('%j: the filter is at fault', (text) => {
    expect([refusal(text).status, refusal(text).scimType]).toEqual([400, 'invalidFilter']);
    expect(refusal(text).detail).toMatch(/^The path is malformed at character/);
  });

  test('length', () => {
    expect(parsePatchPath('a'.repeat(MAX_FILTER_LENGTH), STRICT).path).toHaveLength(MAX_FILTER_LENGTH);
    expect(refusal('a'.repeat(MAX_FILTER_LENGTH + 1)).scimType).toBe('invalidPath');
  });
});
