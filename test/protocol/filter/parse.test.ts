import { describe, expect, test } from 'vitest';
import type { CompareOperator, FilterValue, ParsedFilter } from '../../../src/protocol/filter/ast.ts';
import { parseFilter } from '../../../src/protocol/filter/parse.ts';
import { ExactNumber } from '../../../src/schema/number.ts';
import { LENIENT, STRICT } from './leniencies.ts';

const compare = (path: string, operator: CompareOperator, value: FilterValue): ParsedFilter => ({
  kind: 'compare',
  path,
  operator,
  value,
});
const eq = (path: string, value: FilterValue) => compare(path, 'eq', value);
const pr = (path: string): ParsedFilter => ({ kind: 'present', path });
const and = (...terms: ParsedFilter[]): ParsedFilter => ({ kind: 'and', terms });
const or = (...terms: ParsedFilter[]): ParsedFilter => ({ kind: 'or', terms });
const not = (term: ParsedFilter): ParsedFilter => ({ kind: 'not', term });
const valuePath = (path: string, filter: ParsedFilter): ParsedFilter => ({ kind: 'valuePath', path, filter });

const CORE = 'urn:ietf:params:scim:schemas:core:2.0:User';

describe('filters of the grammar', () => {
  const filters: [string, ParsedFilter][] = [
    // RFC 7644 Figure 2.
    ['userName eq "bjensen"', eq('userName', 'bjensen')],
    ['name.familyName co "O\'Malley"', compare('name.familyName', 'co', "O'Malley")],
    ['userName sw "J"', compare('userName', 'sw', 'J')],
    [`${CORE}:userName sw "J"`, compare(`${CORE}:userName`, 'sw', 'J')],
    ['title pr', pr('title')],
    ['meta.lastModified gt "2011-05-13T04:42:34Z"', compare('meta.lastModified', 'gt', '2011-05-13T04:42:34Z')],
    ['title pr and userType eq "Employee"', and(pr('title'), eq('userType', 'Employee'))],
    ['title pr or userType eq "Intern"', or(pr('title'), eq('userType', 'Intern'))],
    [
      'userType eq "Employee" and (emails co "example.com" or emails.value co "example.org")',
      and(
        eq('userType', 'Employee'),
        or(compare('emails', 'co', 'example.com'), compare('emails.value', 'co', 'example.org')),
      ),
    ],
    [
      'userType ne "Employee" and not (emails co "example.com" or emails.value co "example.org")',
      and(
        compare('userType', 'ne', 'Employee'),
        not(or(compare('emails', 'co', 'example.com'), compare('emails.value', 'co', 'example.org'))),
      ),
    ],
    ['userType eq "Employee" and (emails.type eq "work")', and(eq('userType', 'Employee'), eq('emails.type', 'work'))],
    [
      'emails[type eq "work" and value co "@example.com"] or ims[type eq "xmpp" and value co "@foo.com"]',
      or(
        valuePath('emails', and(eq('type', 'work'), compare('value', 'co', '@example.com'))),
        valuePath('ims', and(eq('type', 'xmpp'), compare('value', 'co', '@foo.com'))),
      ),
    ],
    // Precedence and grouping.
    ['a pr or b pr and c pr', or(pr('a'), and(pr('b'), pr('c')))],
    ['a pr and b pr or c pr', or(and(pr('a'), pr('b')), pr('c'))],
    ['(a pr or b pr) and c pr', and(or(pr('a'), pr('b')), pr('c'))],
    ['not (a pr) and b pr', and(not(pr('a')), pr('b'))],
    ['not(a pr)', not(pr('a'))],
    ['not   (a pr)', not(pr('a'))],
    ['not (not (a pr))', not(not(pr('a')))],
    ['a[not (b pr)]', valuePath('a', not(pr('b')))],
    ['(a[(b pr)])', valuePath('a', pr('b'))],
    // A chain is one node.
    ['a pr and b pr and c pr', and(pr('a'), pr('b'), pr('c'))],
    ['a pr and (b pr and c pr)', and(pr('a'), pr('b'), pr('c'))],
    ['(a pr or b pr) or (c pr or d pr)', or(pr('a'), pr('b'), pr('c'), pr('d'))],
    // Operators, joiners and `not` in any letter case; names as written.
    ['USERNAME Eq "x" AND NOT (b PR)', and(eq('USERNAME', 'x'), not(pr('b')))],
    // What the library's tokenizer can't read.
    ['$ref pr', pr('$ref')],
    ['a$b pr', pr('a$b')],
    ['members.$ref eq "x"', eq('members.$ref', 'x')],
    ['members[$ref eq "x"]', valuePath('members', eq('$ref', 'x'))],
    ['x gt -5 and y pr', and(compare('x', 'gt', -5), pr('y'))],
    ['(x gt -5)', compare('x', 'gt', -5)],
    ['x eq -5 or y pr', or(eq('x', -5), pr('y'))],
    ['a[x gt -5 and y pr]', valuePath('a', and(compare('x', 'gt', -5), pr('y')))],
    ['x eq 1E+5 and y pr', and(eq('x', new ExactNumber('1E+5')), pr('y'))],
    ['x eq -1.5e-3', eq('x', new ExactNumber('-1.5e-3'))],
    ['x eq -0', eq('x', new ExactNumber('-0'))],
    ['x eq 1.10', eq('x', new ExactNumber('1.10'))],
    ['x eq 12345678901234567890', eq('x', new ExactNumber('12345678901234567890'))],
    ['x eq 1e999', eq('x', new ExactNumber('1e999'))],
    ['x eq "a\\\\"', eq('x', 'a\\')],
    ['urn:ex:a+b(c)!$,=@;*:name eq "x"', eq('urn:ex:a+b(c)!$,=@;*:name', 'x')],
    ['(urn:ex:a(b):name.sub pr)', pr('urn:ex:a(b):name.sub')],
    ['urn:ex:a(b):emails[type pr]', valuePath('urn:ex:a(b):emails', pr('type'))],
    // JSON strings with every escape.
    ['x eq "CORP\\\\jdoe"', eq('x', 'CORP\\jdoe')],
    ['x eq "a\\nb\\tc\\/d\\"e\\b\\f\\r"', eq('x', 'a\nb\tc/d"e\b\f\r')],
    ['x eq "\\u00e9\\ud83d\\ude00"', eq('x', 'é😀')],
    ['x eq "é😀 ] ) and ( ["', eq('x', 'é😀 ] ) and ( [')],
    ['x eq "100%_\'+|"', eq('x', "100%_'+|")],
    ['x eq ""', eq('x', '')],
    ['x eq true or x eq false or x eq null', or(eq('x', true), eq('x', false), eq('x', null))],
    // Names that look like something else.
    ['not eq "x"', eq('not', 'x')],
    ['not pr', pr('not')],
    ['not[value pr]', valuePath('not', pr('value'))],
    ['and eq "or" and or eq "and"', and(eq('and', 'or'), eq('or', 'and'))],
    ['eq eq "eq"', eq('eq', 'eq')],
    ['constructor pr or toString pr', or(pr('constructor'), pr('toString'))],
    // Spaces where nothing can be misread.
    ['  a pr  and  b   eq   1  ', and(pr('a'), eq('b', 1))],
    ['( a pr )', pr('a')],
    ['a[ b pr ]', valuePath('a', pr('b'))],
  ];
  test.each(filters)('%s', (text, filter) => {
    expect(parseFilter(text, STRICT)).toEqual(filter);
    expect(parseFilter(text, LENIENT)).toEqual(filter);
  });

  test('integers up to 2⁵³ - 1 are exact', () => {
    expect(parseFilter('x eq 9007199254740991', STRICT)).toEqual(eq('x', Number.MAX_SAFE_INTEGER));
  });
});

describe('an expression behind a value path is of the same element', () => {
  test.each<[string, ParsedFilter]>([
    ['emails[type eq "work"].value eq "x"', valuePath('emails', and(eq('type', 'work'), eq('value', 'x')))],
    [
      'emails[type eq "work" or primary eq true].value pr',
      valuePath('emails', and(or(eq('type', 'work'), eq('primary', true)), pr('value'))),
    ],
    [
      'a pr and emails[type eq "work" and display pr].value ne "x" or b pr',
      or(
        and(pr('a'), valuePath('emails', and(eq('type', 'work'), pr('display'), compare('value', 'ne', 'x')))),
        pr('b'),
      ),
    ],
    ['not (members[type pr].$ref sw "h")', not(valuePath('members', and(pr('type'), compare('$ref', 'sw', 'h'))))],
  ])('%s', (text, filter) => {
    expect(parseFilter(text, STRICT)).toEqual(filter);
  });
});

describe('tolerances', () => {
  const tolerated: [string, ParsedFilter][] = [
    ['userName eq jdoe', eq('userName', 'jdoe')],
    ['externalId eq 0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef', eq('externalId', '0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef')],
    [
      'meta.created gt 2015-10-10T14:38:21.8617979-07:00',
      compare('meta.created', 'gt', '2015-10-10T14:38:21.8617979-07:00'),
    ],
    [
      'name.familyName eq Employee and (emails.value co example.com or b pr)',
      and(eq('name.familyName', 'Employee'), or(compare('emails.value', 'co', 'example.com'), pr('b'))),
    ],
    ['userName eq CORP\\jdoe', eq('userName', 'CORP\\jdoe')],
    ["(userName eq o'neil+x@example.com)", eq('userName', "o'neil+x@example.com")],
    ['emails[type eq work].value eq a@b', valuePath('emails', and(eq('type', 'work'), eq('value', 'a@b')))],
    ['x eq 007', eq('x', '007')],
    ['x eq +5', eq('x', '+5')],
    [`x eq ${'1'.repeat(101)}`, eq('x', '1'.repeat(101))],
    ['members[value eq"2819c223"]', valuePath('members', eq('value', '2819c223'))],
    ['x eq True or x eq FALSE or x eq Null', or(eq('x', true), eq('x', false), eq('x', null))],
    ['x eq "CORP\\jdoe"', eq('x', 'CORP\\jdoe')],
    ['x eq "a\\qb\\u12"', eq('x', 'a\\qb\\u12')],
    ['x eq "\\\\\\d\\"\\d"', eq('x', '\\\\d"\\d')],
  ];
  test.each(tolerated)('%s', (text, filter) => {
    expect(parseFilter(text, LENIENT)).toEqual(filter);
    expect(() => parseFilter(text, STRICT)).toThrow(expect.objectContaining({ scimType: 'invalidFilter' }));
  });

  test('each is a switch of its own', () => {
    expect(parseFilter('x eq True', { ...STRICT, keywordCase: true })).toEqual(eq('x', true));
    expect(parseFilter('x eq True', { ...STRICT, unquotedValues: true })).toEqual(eq('x', 'True'));
    expect(parseFilter('x eq "a\\d"', { ...STRICT, rawBackslash: true })).toEqual(eq('x', 'a\\d'));
  });
});
