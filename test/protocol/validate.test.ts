import { describe, expect, it } from 'vitest';
import { MAX_KEY_LENGTH, MAX_VALUES_PER_ATTRIBUTE } from '../../src/protocol/limits.ts';
import { checkDocument } from '../../src/protocol/validate.ts';
import { attribute, complex } from '../../src/schema/attribute.ts';
import type { JsonObject } from '../../src/schema/json.ts';
import type { ResourceTypeDefinition } from '../../src/schema/resource-type.ts';
import { GROUP_TYPE, USER_TYPE } from '../../src/schema/resource-types.ts';
import { GROUP_SCHEMA, USER_SCHEMA } from '../../src/schema/urns.ts';
import { shows } from '../support/conformance.ts';
import { refusalOf, refused } from '../support/refusal.ts';

const user = (more: JsonObject): JsonObject => ({ schemas: [USER_SCHEMA], userName: 'a', ...more });
const EXTENSION = 'urn:example:2.0:More';

const BADGED: ResourceTypeDefinition = {
  ...USER_TYPE,
  extensions: [
    {
      schema: {
        id: EXTENSION,
        name: 'More',
        description: 'More',
        attributes: [
          attribute('badge', 'Badge.', { required: true }),
          attribute('desk', 'Desk.'),
          complex('keys', 'Keys.', [attribute('value', 'V.', { required: true }), attribute('type', 'T.')], {
            multiValued: true,
          }),
        ],
      },
      required: false,
    },
  ],
};
const REQUIRED: ResourceTypeDefinition = {
  ...BADGED,
  extensions: BADGED.extensions.map((extension) => ({ ...extension, required: true })),
};

describe('checkDocument', () => {
  it('refuses a required text that is empty', shows('7643-4.1.1-1', '7643-4.2-1'), () => {
    expect(refusalOf(() => checkDocument(USER_TYPE, user({ userName: '' })))).toBe('400 invalidValue');
    const group = { schemas: [GROUP_SCHEMA], displayName: '' };
    expect(refusalOf(() => checkDocument(GROUP_TYPE, group))).toBe('400 invalidValue');
  });

  it('wants required attributes', shows('7643-4.1.1-3', '7643-4.2-1'), () => {
    expect(refused(() => checkDocument(USER_TYPE, { schemas: [USER_SCHEMA] })).detail).toContain('userName');
    expect(refused(() => checkDocument(GROUP_TYPE, { schemas: [GROUP_SCHEMA] })).detail).toContain('displayName');
    expect(refusalOf(() => checkDocument(USER_TYPE, { schemas: [USER_SCHEMA] }))).toBe('400 invalidValue');
    expect(() => checkDocument(USER_TYPE, user({}))).not.toThrow();
  });

  it("wants an extension's required attributes once the extension is used", shows('7643-6-7', '7643-6-8'), () => {
    expect(() => checkDocument(BADGED, user({}))).not.toThrow();
    expect(() => checkDocument(BADGED, user({ [EXTENSION]: { badge: '1' } }))).not.toThrow();
    expect(refused(() => checkDocument(BADGED, user({ [EXTENSION]: { desk: '1' } }))).detail).toContain(
      `${EXTENSION}:badge`,
    );
  });

  it('wants required extensions (RFC 7643 §6)', shows('7643-6-7'), () => {
    expect(refused(() => checkDocument(REQUIRED, user({}))).detail).toContain(EXTENSION);
    expect(() => checkDocument(REQUIRED, user({ [EXTENSION]: { badge: '1' } }))).not.toThrow();
  });

  it('wants required sub-attributes in each element', () => {
    const keys = [{ value: 'k' }, { type: 't' }];
    expect(refused(() => checkDocument(BADGED, user({ [EXTENSION]: { badge: '1', keys } }))).detail).toContain(
      'keys.value',
    );
  });

  it('wants one primary at most, and not too many values', shows('7643-2.4-3'), () => {
    const emails = [
      { value: 'a', primary: true },
      { value: 'b', primary: true },
    ];
    expect(refusalOf(() => checkDocument(USER_TYPE, user({ emails })))).toBe('400 invalidValue');
    const many = Array.from({ length: MAX_VALUES_PER_ATTRIBUTE + 1 }, (_, index) => ({ value: String(index) }));
    expect(refusalOf(() => checkDocument(USER_TYPE, user({ emails: many })))).toBe('400 invalidValue');
    expect(() => checkDocument(USER_TYPE, user({ emails: many.slice(1) }))).not.toThrow();
  });

  it.each([
    ['userName', USER_TYPE],
    ['externalId', USER_TYPE],
    ['displayName', GROUP_TYPE],
    ['externalId', GROUP_TYPE],
  ])(`takes a key of ${MAX_KEY_LENGTH} characters and no longer one: %s`, (key, type) => {
    const document = (length: number) => ({ ...user({ displayName: 'd' }), [key]: 'x'.repeat(length) });
    expect(() => checkDocument(type, document(MAX_KEY_LENGTH))).not.toThrow();
    expect(refused(() => checkDocument(type, document(MAX_KEY_LENGTH + 1))).detail).toContain(key);
  });

  it('measures a key as it is indexed: folding may make it longer', () => {
    expect(() => checkDocument(USER_TYPE, user({ userName: 'ß'.repeat(MAX_KEY_LENGTH / 2) }))).not.toThrow();
    expect(refusalOf(() => checkDocument(USER_TYPE, user({ userName: 'ß'.repeat(MAX_KEY_LENGTH / 2 + 1) })))).toBe(
      '400 invalidValue',
    );
  });

  it('leaves other texts as long as they are', () => {
    expect(() => checkDocument(USER_TYPE, user({ displayName: 'x'.repeat(10_000) }))).not.toThrow();
  });
});
