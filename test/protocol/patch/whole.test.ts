import { describe, expect, it } from 'vitest';
import {
  MAX_KEY_LENGTH,
  MAX_PATCH_OPERATIONS,
  MAX_PATCH_WORK,
  MAX_VALUES_PER_ATTRIBUTE,
} from '../../../src/protocol/limits.ts';
import { NO_QUIRKS } from '../../../src/protocol/quirks/quirks.ts';
import type { JsonObject } from '../../../src/schema/json.ts';
import { ENTERPRISE_USER_SCHEMA as ENTERPRISE } from '../../../src/schema/urns.ts';
import { refusalOf } from '../../support/refusal.ts';
import { HOME, lenient, patched, strict, userDocument, WORK } from './patching.ts';

const emails = (length: number) => Array.from({ length }, (_, index) => ({ value: `${index}@h` }));

describe('a PATCH as a whole (RFC 7644 §3.5.2)', () => {
  it('applies its operations in order, each to the outcome of the one before', () => {
    const after = strict(
      userDocument(),
      { op: 'add', path: 'emails', value: [{ value: 'a', type: 'work' }] },
      { op: 'replace', path: 'emails[type eq "work"].value', value: 'b' },
      { op: 'add', path: 'emails', value: { value: 'c', type: 'home', primary: true } },
      { op: 'replace', path: 'emails[primary eq true].display', value: 'C' },
      { op: 'remove', path: 'emails[type eq "work"]' },
      { op: 'replace', path: 'userName', value: 'x' },
      { op: 'replace', path: 'userName', value: 'y' },
    );
    expect(after).toEqual(
      userDocument({ userName: 'y', emails: [{ value: 'c', type: 'home', primary: true, display: 'C' }] }),
    );
  });

  it('is what its operations would be one by one, also where one makes two values the same (RFC 7643 §2.4)', () => {
    const before = userDocument({ photos: [{ value: 'p', type: 'photo', primary: true }, { value: 'p' }] });
    const alike = { op: 'add', path: 'photos[value pr].type', value: 'thumbnail' };
    const apart = { op: 'add', path: 'photos[primary eq true]', value: { type: 'photo' } };
    expect(strict(before, alike).photos).toEqual([{ value: 'p', type: 'thumbnail', primary: true }]);
    expect(strict(before, alike, apart)).toEqual(strict(strict(before, alike), apart));
    expect(strict(before, alike, apart).photos).toEqual([{ value: 'p', type: 'photo', primary: true }]);
  });

  it('builds one element with several operations (tolerance 5)', () => {
    const after = lenient(
      userDocument(),
      { op: 'Add', path: 'addresses[type eq "work"].locality', value: 'L' },
      { op: 'Add', path: 'addresses[type eq "work"].country', value: 'US' },
      { op: 'Replace', path: 'addresses[type eq "work"].primary', value: 'True' },
    );
    expect(after.addresses).toEqual([{ type: 'work', locality: 'L', country: 'US', primary: true }]);
  });

  it('leaves the current document untouched, whether it succeeds or throws', () => {
    const current = userDocument({ name: { givenName: 'J' }, emails: [WORK, HOME], [ENTERPRISE]: { department: 'D' } });
    const before = JSON.stringify(current);
    const good = [
      { op: 'replace', path: 'name.givenName', value: 'K' },
      { op: 'add', path: 'emails', value: [{ value: 'x', primary: true }] },
      { op: 'replace', path: 'emails[type eq "home"].value', value: 'y' },
      { op: 'replace', path: `${ENTERPRISE}:department`, value: 'E' },
      { op: 'add', path: `${ENTERPRISE}:manager.value`, value: 'm' },
    ];
    expect(patched(current, good, NO_QUIRKS).document).not.toEqual(current);
    expect(refusalOf(() => patched(current, [...good, { op: 'replace', path: 'active', value: 'x' }], NO_QUIRKS))).toBe(
      '400 invalidValue',
    );
    expect(JSON.stringify(current)).toBe(before);
  });

  it('shares nothing with the current document that a caller could change', () => {
    const current = userDocument({ name: { givenName: 'J' }, emails: [WORK] });
    const { document } = patched(current, [{ op: 'add', path: 'title', value: 'x' }]);
    (document.name as JsonObject).givenName = 'changed';
    (document.emails as JsonObject[]).push({ value: 'more' });
    expect(current).toEqual(userDocument({ name: { givenName: 'J' }, emails: [WORK] }));
  });

  it('reports the first operation that fails', () => {
    const failing = [
      { op: 'remove', path: 'userName' },
      { op: 'add', path: 'nothing', value: 'x' },
    ];
    expect(refusalOf(() => patched(userDocument(), failing))).toBe('400 mutability');
    expect(refusalOf(() => patched(userDocument(), failing.reverse()))).toBe('400 invalidPath');
  });

  it('computes schemas from what is there, also when they were wrong before', () => {
    const current = { ...userDocument({ [ENTERPRISE]: { department: 'D' } }), schemas: ['urn:x'] };
    expect(strict(current, { op: 'add', path: 'title', value: 'x' }).schemas).toEqual(
      [userDocument().schemas, ENTERPRISE].flat(),
    );
  });
});

describe('the limits of a PATCH', () => {
  it(`are ${MAX_PATCH_OPERATIONS} operations, and those are carried out`, () => {
    const operations = Array.from({ length: MAX_PATCH_OPERATIONS }, (_, index) => ({
      op: 'replace',
      path: 'title',
      value: String(index),
    }));
    expect(strict(userDocument(), ...operations).title).toBe(String(MAX_PATCH_OPERATIONS - 1));
    expect(refusalOf(() => strict(userDocument(), ...operations, ...operations.slice(0, 1)))).toBe('400 invalidSyntax');
  });

  it(`are ${MAX_VALUES_PER_ATTRIBUTE} values of an attribute, also when they come one by one`, () => {
    const full = userDocument({ emails: emails(MAX_VALUES_PER_ATTRIBUTE) });
    const add = (value: JsonObject) => ({ op: 'add', path: 'emails', value: [value] });
    const room = userDocument({ emails: emails(MAX_VALUES_PER_ATTRIBUTE - 1) });
    expect(strict(room, add({ value: 'x' })).emails).toHaveLength(MAX_VALUES_PER_ATTRIBUTE);
    expect(refusalOf(() => strict(full, add({ value: 'x' })))).toBe('400 invalidValue');
    expect(strict(full, add({ value: '0@h' })).emails).toHaveLength(MAX_VALUES_PER_ATTRIBUTE);
    expect(refusalOf(() => lenient(full, { op: 'add', path: 'emails[type eq "x"].value', value: 'x' }))).toBe(
      '400 invalidValue',
    );
  });

  it(`are ${MAX_KEY_LENGTH} characters of a key`, () => {
    const rename = (length: number) =>
      strict(userDocument(), { op: 'replace', path: 'userName', value: 'x'.repeat(length) });
    expect(rename(MAX_KEY_LENGTH).userName).toHaveLength(MAX_KEY_LENGTH);
    expect(refusalOf(() => rename(MAX_KEY_LENGTH + 1))).toBe('400 invalidValue');
  });

  it(`are ${MAX_PATCH_WORK} values gone through by all operations`, () => {
    const current = userDocument({ emails: emails(1000) });
    const display = { op: 'replace', path: 'emails.display', value: 'd' };
    // Each goes through all of them, and changes them.
    const fitting = Array.from({ length: MAX_PATCH_WORK / 2000 }, () => display);
    expect(strict(current, ...fitting).emails).toHaveLength(1000);
    expect(refusalOf(() => strict(current, ...fitting, display))).toBe('400 invalidValue');
  });

  it('count each comparison of a filter as a way through', () => {
    const current = userDocument({ emails: emails(1000) });
    const path = `emails[${Array.from({ length: 248 }, (_, index) => `value eq "${index}@h"`).join(' or ')}].display`;
    const operation = { op: 'replace', path, value: 'd' };
    expect(() => strict(current, operation, operation)).not.toThrow();
    expect(refusalOf(() => strict(current, operation, operation, operation))).toBe('400 invalidValue');
  });

  it('count each element that a remove names without its value', () => {
    const current = userDocument({ emails: emails(1000) });
    const remove = (length: number) => {
      const value = Array.from({ length }, (_, index) => ({ type: String(index) }));
      return lenient(current, { op: 'remove', path: 'emails', value });
    };
    expect(remove(MAX_PATCH_WORK / 1000 - 1)).toEqual(current);
    expect(refusalOf(() => remove(MAX_PATCH_WORK / 1000))).toBe('400 invalidValue');
  });

  it('leave room for the longest attribute to be filled one by one', () => {
    const operations = emails(MAX_VALUES_PER_ATTRIBUTE).map((value) => ({ op: 'add', path: 'emails', value: [value] }));
    expect(strict(userDocument(), ...operations).emails).toHaveLength(MAX_VALUES_PER_ATTRIBUTE);
  });
});
