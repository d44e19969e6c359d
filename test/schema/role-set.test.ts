import { describe, expect, it } from 'vitest';
import type { RoleSetDefinition } from '../../src/schema/attribute.ts';
import type { JsonValue } from '../../src/schema/json.ts';
import { roleSetAttribute, roleSetValue, rolesHeld } from '../../src/schema/role-set.ts';

const NAMES = ['admin', 'member', 'editor'];
const roleSet = (shape: RoleSetDefinition['shape'], names = NAMES): RoleSetDefinition => ({
  names,
  defaults: ['member'],
  shape,
});

describe('roleSetValue', () => {
  it.each<[RoleSetDefinition['shape'], JsonValue]>([
    ['object', { admin: true, member: false, editor: true }],
    ['names', ['admin', 'editor']],
    ['rfc', [{ value: 'admin' }, { value: 'editor' }]],
  ])('shows roles as %s, in the order of the tenant', (shape, value) => {
    expect(roleSetValue(roleSet(shape), new Set(['editor', 'admin', 'unknown']))).toEqual(value);
  });

  it.each<[RoleSetDefinition['shape'], JsonValue]>([
    ['object', { admin: false, member: false, editor: false }],
    ['names', []],
    ['rfc', []],
  ])('shows no roles as %s', (shape, value) => {
    expect(roleSetValue(roleSet(shape), new Set())).toEqual(value);
  });

  it('takes a role called like a property of objects for a role', () => {
    const odd = roleSet('object', ['__proto__', 'constructor']);
    const value = roleSetValue(odd, new Set(['__proto__']));
    expect(Object.entries(value as object)).toEqual([
      ['__proto__', true],
      ['constructor', false],
    ]);
    expect(rolesHeld(odd, value)).toEqual(new Set(['__proto__']));
  });
});

describe('rolesHeld', () => {
  it.each(['object', 'names', 'rfc'] as const)('reads back what is shown as %s', (shape) => {
    for (const held of [[], ['admin'], ['member', 'editor'], NAMES]) {
      expect(rolesHeld(roleSet(shape), roleSetValue(roleSet(shape), new Set(held)))).toEqual(new Set(held));
    }
  });

  it('reads what was stored in another shape, before the profile changed', () => {
    expect(rolesHeld(roleSet('object'), [{ value: 'admin' }, 'editor'])).toEqual(new Set(['admin', 'editor']));
    expect(rolesHeld(roleSet('rfc'), { admin: true, member: false })).toEqual(new Set(['admin']));
  });

  it.each<[JsonValue | undefined]>([[undefined], [null], ['admin'], [5], [{}], [[null, 5, {}]], [{ admin: 'true' }]])(
    'finds none in %j',
    (value) => {
      expect(rolesHeld(roleSet('object'), value)).toEqual(new Set());
    },
  );

  it('leaves out roles that the tenant has no longer', () => {
    expect(rolesHeld(roleSet('object'), { admin: true, gone: true })).toEqual(new Set(['admin']));
  });
});

describe('roleSetAttribute', () => {
  it('describes the shape in which roles are shown', () => {
    expect(roleSetAttribute(roleSet('object'))).toMatchObject({ type: 'complex', multiValued: false });
    expect(roleSetAttribute(roleSet('object')).subAttributes?.map(({ name, type }) => [name, type])).toEqual(
      NAMES.map((name) => [name, 'boolean']),
    );
    expect(roleSetAttribute(roleSet('names'))).toMatchObject({
      type: 'string',
      multiValued: true,
      canonicalValues: NAMES,
    });
    expect(roleSetAttribute(roleSet('rfc'))).toMatchObject({ type: 'complex', multiValued: true });
  });

  it.each(['object', 'names', 'rfc'] as const)('has the default roles of the tenant as its default, as %s', (shape) => {
    const { defaultValue } = roleSetAttribute(roleSet(shape));
    expect(rolesHeld(roleSet(shape), defaultValue)).toEqual(new Set(['member']));
  });
});
