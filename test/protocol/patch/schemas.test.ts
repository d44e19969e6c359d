import { describe, expect, it } from 'vitest';
import { ENTERPRISE_USER_SCHEMA, USER_SCHEMA } from '../../../src/schema/urns.ts';
import { refusalOf, refused } from '../../support/refusal.ts';
import { lenient, type Sent, strict, userDocument } from './patching.ts';

const CURRENT = userDocument();

/** The ways to name `schemas` in an operation. */
const SHAPES: readonly [string, (op: string, value: Sent['value']) => Sent][] = [
  ['by its path', (op, value) => ({ op, path: 'schemas', value: value as never })],
  ['with its URN', (op, value) => ({ op, path: `${USER_SCHEMA}:schemas`, value: value as never })],
  ['as a key', (op, value) => ({ op, value: { schemas: value as never } })],
];

describe.each(SHAPES)('an operation on schemas %s', (_, operation) => {
  it.each<[string, Sent['value']]>([
    ['add', [ENTERPRISE_USER_SCHEMA]],
    ['add', ENTERPRISE_USER_SCHEMA],
    ['add', ENTERPRISE_USER_SCHEMA.toUpperCase()],
    ['replace', [USER_SCHEMA]],
    ['replace', [ENTERPRISE_USER_SCHEMA, USER_SCHEMA.toLowerCase()]],
  ])('that does %s of %j changes nothing: it follows from the attributes', (op, value) => {
    expect(lenient(CURRENT, operation(op, value))).toEqual(CURRENT);
    expect(strict(CURRENT, operation(op, value))).toEqual(CURRENT);
  });

  it.each<[string, Sent['value']]>([
    ['add', ['urn:x']],
    ['add', 'urn:x'],
    ['add', [ENTERPRISE_USER_SCHEMA, 'urn:x']],
    ['add', [5]],
    ['add', { value: USER_SCHEMA }],
    ['add', null],
    ['replace', [USER_SCHEMA, 'urn:x']],
    ['replace', [ENTERPRISE_USER_SCHEMA]],
    ['replace', []],
    ['replace', null],
    ['replace', USER_SCHEMA],
  ])('that does %s of %j is ignored where unknown names are, and refused by the letter', (op, value) => {
    expect(lenient(CURRENT, operation(op, value))).toEqual(CURRENT);
    expect(refusalOf(() => strict(CURRENT, operation(op, value)))).toBe('400 invalidValue');
  });

  it('names the URN that the type lacks', () => {
    expect(refused(() => strict(CURRENT, operation('add', ['urn:x']))).detail).toBe(
      '"urn:x" is no schema of User; /ResourceTypes lists those.',
    );
  });
});
