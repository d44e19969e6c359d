import { describe, expect, test } from 'vitest';
import { ScimError } from '../../../src/protocol/errors.ts';
import type { CheckedFilter } from '../../../src/protocol/filter/ast.ts';
import { checkElementFilter, checkFilter } from '../../../src/protocol/filter/check.ts';
import { evaluateElement, evaluateFilter } from '../../../src/protocol/filter/evaluate.ts';
import { parseFilter } from '../../../src/protocol/filter/parse.ts';
import type { RoleSetDefinition } from '../../../src/schema/attribute.ts';
import { resolveAttribute } from '../../../src/schema/registry.ts';
import type { ResourceTypeDefinition } from '../../../src/schema/resource-type.ts';
import { USER_TYPE } from '../../../src/schema/resource-types.ts';
import { roleSetAttribute, roleSetValue } from '../../../src/schema/role-set.ts';
import { LENIENT, LENIENT_CHECK } from './leniencies.ts';

const SHAPES = ['object', 'names', 'rfc'] as const;

function roleSet(shape: RoleSetDefinition['shape'], names = ['admin', 'member', 'editor']): RoleSetDefinition {
  return { names, defaults: [], shape };
}

function userType(set: RoleSetDefinition): ResourceTypeDefinition {
  const attributes = USER_TYPE.schema.attributes.map((one) => (one.name === 'roles' ? roleSetAttribute(set) : one));
  return { ...USER_TYPE, schema: { ...USER_TYPE.schema, attributes } };
}

function checked(text: string, set: RoleSetDefinition): CheckedFilter {
  return checkFilter(parseFilter(text, LENIENT), userType(set), LENIENT_CHECK);
}

describe.each(SHAPES)('roles shown as %s', (shape) => {
  const set = roleSet(shape);
  const matches = (text: string, held: string[]) =>
    evaluateFilter(checked(text, set), { schemas: [USER_TYPE.schema.id], roles: roleSetValue(set, new Set(held)) });

  test.each<[string, string[], boolean]>([
    ['roles eq "admin"', ['admin'], true],
    ['roles eq "ADMIN"', ['admin', 'editor'], true],
    ['roles eq "admin"', ['editor'], false],
    ['Roles.Value eq "admin"', ['admin'], true],
    ['roles.value eq "admin"', ['member'], false],
    ['roles[value eq "admin"]', ['admin'], true],
    ['roles[value eq "admin"]', [], false],
    ['roles[primary eq true and value eq "admin"]', ['admin', 'member'], true],
    ['roles[primary eq "True"].value eq "admin"', ['admin'], true],
    ['roles[primary eq "True"].value eq "admin"', ['editor'], false],
    ['roles[primary eq true]', ['editor'], true],
    ['roles[primary eq true]', [], false],
    ['roles.primary eq true', ['editor'], true],
    ['roles.display eq "editor"', ['editor'], true],
    ['roles ne "admin"', ['editor'], true],
    ['roles ne "admin"', ['admin', 'editor'], false],
    ['roles.value ne "admin"', [], true],
    ['roles[value ne "admin"]', ['admin', 'editor'], true],
    ['roles[value ne "admin"]', ['admin'], false],
    ['not (roles eq "admin")', ['editor'], true],
    ['roles[value eq "admin" or value eq "editor"]', ['editor'], true],
    ['roles[value eq "admin" and value eq "editor"]', ['admin', 'editor'], false],
    ['roles eq "admin" and roles eq "editor"', ['admin', 'editor'], true],
    ['roles co "dm"', ['admin'], true],
    ['roles.value sw "ed"', ['admin'], false],
    ['roles.value pr', ['member'], true],
    ['roles.value pr', [], false],
    ['roles.value eq null', [], true],
    ['roles.value ne null', [], false],
    ['roles.value ne null', ['admin'], true],
    // A name that the tenant lacks.
    ['roles eq "owner"', ['admin', 'member', 'editor'], false],
    ['roles[value eq "owner"]', ['admin', 'member', 'editor'], false],
    ['roles ne "owner"', [], true],
    ['roles eq "__proto__"', ['admin'], false],
    ['urn:ietf:params:scim:schemas:core:2.0:User:roles.value eq "admin"', ['admin'], true],
  ])('%s of %j is %s', (text, held, expected) => {
    expect(matches(text, held)).toBe(expected);
  });

  test('a tenant without roles', () => {
    const none = { ...set, names: [] };
    const roles = roleSetValue(none, new Set());
    const filter = (text: string) => evaluateFilter(checked(text, none), { schemas: [USER_TYPE.schema.id], roles });
    expect(filter('roles eq "admin"')).toBe(false);
    expect(filter('roles ne "admin"')).toBe(true);
  });

  test('other names and types are refused', () => {
    for (const text of ['roles.shoeSize eq 5', 'roles[shoeSize eq 5]', 'roles[primary eq "yes"]', 'roles gt null']) {
      expect(() => checked(text, set)).toThrow(ScimError);
    }
  });
});

describe('roles shown as an object', () => {
  const set = roleSet('object');
  const type = userType(set);

  test('are filtered by the name', () => {
    const roles = resolveAttribute(type, 'roles');
    const admin = resolveAttribute(type, 'roles.admin');
    if (!roles || !admin) throw new Error('no roles');
    const held: CheckedFilter = { kind: 'compare', path: admin, operator: 'eq', value: true };
    expect(checked('roles.admin eq true', set)).toEqual(held);
    expect(checked('roles.Admin eq "True"', set)).toEqual(held);
    expect(checked('roles eq "admin"', set)).toEqual(held);
    expect(checked('roles[value eq "admin"]', set)).toEqual(held);
    expect(checked('roles[admin eq true]', set)).toMatchObject({ kind: 'valuePath', filter: held });
    expect(checked('roles pr', set)).toEqual({ kind: 'present', path: roles });
    expect(checked('roles eq null', set)).toEqual({ kind: 'not', term: { kind: 'present', path: roles } });
  });

  test('a role called value is no value', () => {
    const odd = roleSet('object', ['value', 'admin']);
    const holds = (text: string, held: string[]) =>
      evaluateFilter(checked(text, odd), { schemas: [''], roles: roleSetValue(odd, new Set(held)) });
    expect(holds('roles.value eq true', ['value'])).toBe(true);
    expect(holds('roles.value eq true', ['admin'])).toBe(false);
    expect(holds('roles eq "value"', ['value'])).toBe(true);
  });
});

describe('an element filter of a PATCH path', () => {
  test.each(SHAPES)('over roles shown as %s', (shape) => {
    const set = roleSet(shape);
    const roles = resolveAttribute(userType(set), 'roles');
    if (!roles) throw new Error('no roles');
    const selects = (text: string, held: string[]) => {
      const filter = checkElementFilter(parseFilter(text, LENIENT), roles, LENIENT_CHECK);
      const value = roleSetValue(set, new Set(held));
      return Array.isArray(value)
        ? value.some((element) => evaluateElement(filter, element))
        : evaluateElement(filter, value);
    };
    expect(selects('value eq "admin"', ['admin', 'editor'])).toBe(true);
    expect(selects('value eq "admin"', ['editor'])).toBe(false);
    expect(selects('primary eq "True"', ['editor'])).toBe(true);
    expect(selects('value eq "owner"', ['admin'])).toBe(false);
  });
});
