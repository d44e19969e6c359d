import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ScimError } from '../../../src/protocol/errors.ts';
import type { CheckedFilter, CompareOperator, FilterValue } from '../../../src/protocol/filter/ast.ts';
import { type CheckOptions, checkElementFilter, checkFilter } from '../../../src/protocol/filter/check.ts';
import { parseFilter } from '../../../src/protocol/filter/parse.ts';
import { type ResolvedAttribute, resolveAttribute } from '../../../src/schema/registry.ts';
import { GROUP_TYPE, USER_TYPE } from '../../../src/schema/resource-types.ts';
import { shows } from '../../support/conformance.ts';
import { asParsed, checkedFilterFor, SAMPLE_TYPE } from '../../support/generators.ts';
import { LENIENT, LENIENT_CHECK, STRICT_CHECK } from './leniencies.ts';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

function checked(text: string, type = USER_TYPE, options: CheckOptions = LENIENT_CHECK): CheckedFilter {
  return checkFilter(parseFilter(text, LENIENT), type, options);
}

function refused(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (!(error instanceof ScimError)) throw error;
    expect([error.status, error.scimType]).toEqual([400, 'invalidFilter']);
    return error.detail;
  }
  throw new Error('accepted');
}

function path(text: string, type = USER_TYPE): ResolvedAttribute {
  const found = resolveAttribute(type, text);
  if (!found) throw new Error(`no ${text}`);
  return found;
}

const compare = (on: ResolvedAttribute, operator: CompareOperator, value: FilterValue): CheckedFilter => ({
  kind: 'compare',
  path: on,
  operator,
  value,
});

describe('names', () => {
  test.each([
    ['USERNAME eq "x"', 'userName'],
    ['name.FamilyName eq "x"', 'name.familyName'],
    ['urn:ietf:params:scim:schemas:core:2.0:User:title eq "x"', 'title'],
    ['URN:IETF:params:scim:schemas:core:2.0:user:NAME.givenname eq "x"', 'name.givenName'],
    ['meta.resourceType eq "User"', 'meta.resourceType'],
    ['groups.$ref eq "x"', 'groups.$ref'],
    [`${ENTERPRISE}:department eq "x"`, `${ENTERPRISE}:department`],
    [`${ENTERPRISE}:manager.value eq "x"`, `${ENTERPRISE}:manager.value`],
    ['emails co "x"', 'emails.value'],
    ['groups eq "x"', 'groups.value'],
    [`${ENTERPRISE}:manager eq "x"`, `${ENTERPRISE}:manager.value`],
    ['manager eq "x"', `${ENTERPRISE}:manager.value`],
    ['employeeNumber eq "x"', `${ENTERPRISE}:employeeNumber`],
  ])('%s is about %s', (text, canonical) => {
    expect(checked(text)).toMatchObject({ kind: 'compare', path: { path: canonical } });
  });

  test('members is compared by the id', () => {
    expect(checked('id eq "g" and members eq "u"', GROUP_TYPE)).toEqual({
      kind: 'and',
      terms: [compare(path('id', GROUP_TYPE), 'eq', 'g'), compare(path('members.value', GROUP_TYPE), 'eq', 'u')],
    });
  });

  test('without the tolerance an extension attribute needs its URN', () => {
    expect(refused(() => checked('manager eq "x"', USER_TYPE, STRICT_CHECK))).toContain("'manager' names no attribute");
  });

  test.each([
    ['shoeSize eq 5', "'shoeSize' names no attribute of User"],
    ['constructor pr', "'constructor' names no attribute"],
    ['toString.length eq 1', "'toString.length' names no attribute"],
    ['name.shoeSize eq 5', /'name.shoeSize' names no sub-attribute of 'name'; it has formatted, familyName,/],
    ['userName.x eq 5', /no sub-attribute of 'userName'; it is not complex/],
    ['emails[shoeSize eq 5]', /In emails\[…\] 'shoeSize' names nothing; it has value, display, type, primary/],
    ['emails[emails.type eq "x"]', 'names nothing'],
    ['schemas[type eq "x"]', 'value, the element itself'],
    [`${ENTERPRISE} pr`, 'names no attribute'],
    ['urn:ex:other:name pr', 'names no attribute'],
    ['name eq "x"', /'name' is complex: compare one of its sub-attributes, formatted, familyName,/],
    ['addresses co "x"', /'addresses' is complex: compare one of its sub-attributes, formatted,/],
    ['meta gt "x"', "'meta' is complex"],
    ['userName[value eq "x"]', /'userName' is neither multi-valued nor complex/],
    ['emails.value[type eq "x"]', /'emails.value' is neither/],
  ])('%s is refused', (text, detail) => {
    expect(refused(() => checked(text))).toMatch(detail);
  });

  test('the answer quotes no more than a part of a long name', () => {
    expect(refused(() => checked(`${'x'.repeat(5000)} pr`)).length).toBeLessThan(150);
  });
});

test.each(['password eq "x"', 'password sw "x"', 'password pr', 'password eq null', 'not (PASSWORD ne "x")'])(
  '%s gives nothing away',
  (text) => {
    expect(refused(() => checked(text))).toContain("'password' is never returned");
    expect(() => checked(text, USER_TYPE, { ...LENIENT_CHECK, inUri: true })).toThrow(
      expect.objectContaining({ status: 403, scimType: 'sensitive' }),
    );
  },
);

describe('value paths', () => {
  test('paths inside are whole', () => {
    expect(checked('emails[TYPE eq "work"].value sw "x"')).toEqual({
      kind: 'valuePath',
      path: path('emails'),
      filter: {
        kind: 'and',
        terms: [compare(path('emails.type'), 'eq', 'work'), compare(path('emails.value'), 'sw', 'x')],
      },
    });
  });

  test('of an extension, too', () => {
    expect(checked(`${ENTERPRISE}:manager[displayName eq "x"]`)).toEqual({
      kind: 'valuePath',
      path: path(`${ENTERPRISE}:manager`),
      filter: compare(path(`${ENTERPRISE}:manager.displayName`), 'eq', 'x'),
    });
  });

  test('single-valued complex attributes have them', () => {
    expect(checked('name[familyName eq "x"]')).toMatchObject({ path: { path: 'name' } });
  });

  test('in a simple multi-valued attribute, value is the element', () => {
    expect(checked('schemas[value eq "urn:x"]')).toEqual({
      kind: 'valuePath',
      path: path('schemas'),
      filter: compare(path('schemas'), 'eq', 'urn:x'),
    });
  });

  test('a PATCH value filter is relative to its attribute', () => {
    const check = (text: string, parent: ResolvedAttribute) =>
      checkElementFilter(parseFilter(text, LENIENT), parent, LENIENT_CHECK);
    expect(check('type eq "work" and not (primary eq "True")', path('emails'))).toEqual({
      kind: 'and',
      terms: [
        compare(path('emails.type'), 'eq', 'work'),
        { kind: 'not', term: compare(path('emails.primary'), 'eq', true) },
      ],
    });
    expect(check('value eq "urn:x"', path('schemas'))).toEqual(compare(path('schemas'), 'eq', 'urn:x'));
    expect(refused(() => check('emails[type pr]', path('emails')))).toContain('nested');
    expect(refused(() => check('shoeSize pr', path('emails')))).toContain("'shoeSize' names nothing");
  });
});

describe('primary', () => {
  const isTrue = compare(path('emails.primary'), 'eq', true);
  const isFalse: CheckedFilter = { kind: 'not', term: isTrue };
  test('that is not specified counts as false (RFC 7643 §2.4)', shows('7643-2.4-4'), () => {
    const emails = path('emails');
    expect(checked('emails[primary eq false]')).toEqual({ kind: 'valuePath', path: emails, filter: isFalse });
    expect(checked('emails[primary ne false]')).toEqual({ kind: 'valuePath', path: emails, filter: isTrue });
    expect(checked('emails.primary eq false')).toEqual({ kind: 'valuePath', path: emails, filter: isFalse });
    expect(checked('emails.primary ne false')).toEqual({
      kind: 'not',
      term: { kind: 'valuePath', path: emails, filter: isFalse },
    });
  });
  test('that is true is compared as it is, and so are other booleans', () => {
    expect(checked('emails.primary eq true')).toEqual(isTrue);
    expect(checked('emails.primary ne true')).toEqual(compare(path('emails.primary'), 'ne', true));
    expect(checked('active eq false')).toEqual(compare(path('active'), 'eq', false));
  });
});

describe('null', () => {
  const present: CheckedFilter = { kind: 'present', path: path('title') };
  test('eq and ne ask for presence', () => {
    expect(checked('title eq null')).toEqual({ kind: 'not', term: present });
    expect(checked('title ne null')).toEqual(present);
    expect(checked('emails[type eq null]')).toMatchObject({ filter: { kind: 'not', term: { kind: 'present' } } });
  });
  test('a complex attribute needs no value for it', () => {
    expect(checked('addresses ne null')).toEqual({ kind: 'present', path: path('addresses') });
  });
  test.each(['title gt null', 'title co null', 'name sw null'])('%s is refused', (text) => {
    expect(refused(() => checked(text))).toContain('eq and ne only');
  });
});

describe('operators and values by type', () => {
  const ALL: CompareOperator[] = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'];
  const ORDERED = ALL.filter((operator) => !['co', 'sw', 'ew'].includes(operator));
  test.each<[string, string, CompareOperator[]]>([
    ['label', '"x"', ALL],
    ['code', '"x"', ALL],
    ['link', '"x"', ALL],
    ['level', '5', ORDERED],
    ['weight', '0.5', ORDERED],
    ['seenAt', '"2011-05-13T04:42:34Z"', ORDERED],
    ['enabled', 'true', ['eq', 'ne']],
    ['blob', '"AQID"', ['eq', 'ne']],
  ])('%s', (name, value, allowed) => {
    for (const operator of ALL) {
      const check = () => checked(`${name} ${operator} ${value}`, SAMPLE_TYPE);
      if (allowed.includes(operator)) expect(check()).toMatchObject({ kind: 'compare', operator });
      else expect(refused(check)).toContain(`allows ${allowed.slice(0, 2).join(', ')}`);
    }
  });

  test.each([
    ['level eq "5"', 'a whole number'],
    ['level eq 5.5', 'a whole number'],
    ['level eq true', 'a whole number'],
    ['weight eq "0.5"', 'a number'],
    ['seenAt gt "yesterday"', 'a dateTime'],
    ['seenAt gt "2011-02-30T00:00:00Z"', 'a dateTime'],
    ['seenAt gt "2011-05-13"', 'a dateTime'],
    ['seenAt gt 2011', 'a dateTime'],
    ['enabled eq "yes"', 'true or false'],
    ['enabled eq 1', 'true or false'],
    ['blob eq 1', 'base64'],
  ])('%s is refused', (text, expected) => {
    expect(refused(() => checked(text, SAMPLE_TYPE))).toContain(expected);
  });

  test('whole numbers in any spelling are integers', () => {
    expect(checked('level eq 5.0', SAMPLE_TYPE)).toMatchObject({ value: 5 });
    expect(checked('level eq 5e1', SAMPLE_TYPE)).toMatchObject({ value: 50 });
  });

  test('numbers and booleans for strings are a tolerance', () => {
    expect(checked('employeeNumber eq 701984')).toMatchObject({ value: '701984' });
    expect(checked('userName eq true')).toMatchObject({ value: 'true' });
    expect(checked('link eq 1', SAMPLE_TYPE)).toMatchObject({ value: '1' });
    const without = { ...LENIENT_CHECK, numbersAsStrings: false };
    expect(refused(() => checked('userName eq 701984', USER_TYPE, without))).toContain('a string in double quotes');
  });

  test('quoted booleans are a tolerance', () => {
    expect(checked('emails[primary eq "True"]')).toMatchObject({ filter: { value: true } });
    expect(checked('active eq "fAlSe"')).toMatchObject({ value: false });
    expect(refused(() => checked('active eq "true"', USER_TYPE, STRICT_CHECK))).toContain('true or false');
  });
});

test.each([SAMPLE_TYPE, USER_TYPE, GROUP_TYPE])('every path of $name resolves to what it is printed from', (type) => {
  fc.assert(
    fc.property(checkedFilterFor(type), (filter) => {
      expect(checkFilter(asParsed(filter), type, STRICT_CHECK)).toEqual(filter);
      expect(
        checkFilter(
          asParsed(filter, (text) => text.toUpperCase()),
          type,
          LENIENT_CHECK,
        ),
      ).toEqual(filter);
    }),
  );
});
