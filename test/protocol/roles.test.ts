import { describe, expect, it } from 'vitest';
import { ALL_QUIRKS, NO_QUIRKS } from '../../src/protocol/quirks/quirks.ts';
import { readRoles, roleNamed } from '../../src/protocol/roles.ts';
import type { RoleSetDefinition } from '../../src/schema/attribute.ts';
import type { JsonValue } from '../../src/schema/json.ts';
import { ROLE_SHAPES } from '../support/dialects.ts';
import { refusalOf, refused } from '../support/refusal.ts';

const roleSet = (shape: RoleSetDefinition['shape'], names = ['admin', 'member', 'editor']): RoleSetDefinition => ({
  names,
  defaults: ['member'],
  shape,
});

describe.each(ROLE_SHAPES)('readRoles, whatever the shape in which they are shown: %s', (shape) => {
  const read = (given: JsonValue) => Object.fromEntries(readRoles(roleSet(shape), given, ALL_QUIRKS));

  it.each<[string, JsonValue, Record<string, boolean>]>([
    ['an object of booleans', { admin: true, member: false }, { admin: true, member: false }],
    [
      'an object of texts',
      { admin: 'True', member: 'false', editor: 'FALSE' },
      { admin: true, member: false, editor: false },
    ],
    ['a role that is null', { admin: null }, { admin: false }],
    ['names in any letter case', { ADMIN: true }, { admin: true }],
    ['an empty object', {}, {}],
    ['null', null, {}],
    ['the empty string', '', {}],
    ['a role that is the empty string', { admin: '' }, { admin: false }],
    ['an empty list', [], {}],
    ['a list of names', ['admin', 'Editor'], { admin: true, editor: true }],
    ['one name', 'admin', { admin: true }],
    [
      'the RFC array',
      [
        { value: 'admin', primary: true },
        { value: 'editor', type: 't', display: 'd' },
      ],
      { admin: true, editor: true },
    ],
    ['the RFC array in another spelling', [{ Value: 'admin', Primary: 'True' }], { admin: true }],
    ['one element without its array', { value: 'admin', primary: true }, { admin: true }],
    ['JSON text in a value', [{ value: '{"id":"1","value":"editor","displayName":"E"}' }], { editor: true }],
    ['JSON text alone', '{"VALUE":"editor"}', { editor: true }],
    ['elements that are nothing', [null, '', 'admin'], { admin: true }],
  ])('%s', (_, given, statements) => {
    expect(read(given)).toEqual(statements);
  });

  it.each<[string, JsonValue]>([
    ['an unknown role', { owner: true }],
    ['an unknown role that is false', { owner: false }],
    ['an unknown name', ['owner']],
    ['an unknown value', [{ value: 'owner' }]],
    ['an unknown role in JSON text', [{ value: '{"value":"owner"}' }]],
    ['JSON text without a value', [{ value: '{"id":"1"}' }]],
    ['a number for a boolean', { admin: 1 }],
    ['another word for a boolean', { admin: 'yes' }],
    ['an object for a boolean', { admin: {} }],
    ['a number for a name', [5]],
    ['a list for a name', [['admin']]],
    ['an element without a value', [{ display: 'admin' }]],
    ['true', true],
    ['a property of objects', { constructor: true }],
    ['the prototype', JSON.parse('{"__proto__":true}')],
  ])('refuses %s', (_, given) => {
    expect(refusalOf(() => read(given))).toBe('400 invalidValue');
    expect(refused(() => read(given)).refusedInput).toBe(true);
  });

  it.each<[string, JsonValue]>([
    ['alone', ''],
    ['in a list', ['']],
    ['for a boolean', { admin: '' }],
  ])('takes the empty string %s for a value where it is not tolerated', (_, given) => {
    expect(refusalOf(() => readRoles(roleSet(shape), given, NO_QUIRKS))).toBe('400 invalidValue');
  });
});

describe('roles with unusual names', () => {
  it('are roles, also when they are called "value"', () => {
    const odd = roleSet('object', ['value', 'primary']);
    expect(Object.fromEntries(readRoles(odd, { value: true, primary: false }, NO_QUIRKS))).toEqual({
      value: true,
      primary: false,
    });
  });

  it('are listed to who names another', () => {
    expect(refused(() => roleNamed(roleSet('object'), 'owner')).detail).toContain('admin, member, editor');
  });
});
