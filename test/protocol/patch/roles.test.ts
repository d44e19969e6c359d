import { describe, expect, it } from 'vitest';
import { ALL_QUIRKS, NO_QUIRKS } from '../../../src/protocol/quirks/quirks.ts';
import type { JsonValue } from '../../../src/schema/json.ts';
import { coreAttribute } from '../../../src/schema/registry.ts';
import { roleSetValue, rolesHeld } from '../../../src/schema/role-set.ts';
import { USER_SCHEMA } from '../../../src/schema/urns.ts';
import { ROLE_SHAPES, userWithRoles } from '../../support/dialects.ts';
import { refusalOf, refused } from '../../support/refusal.ts';
import { patched, type Sent, userDocument } from './patching.ts';

describe.each(ROLE_SHAPES)('PATCH of named roles that are shown as %s', (shape) => {
  const type = userWithRoles(shape);
  const roleSet = coreAttribute(type, 'roles')?.roleSet;
  if (!roleSet) throw new Error('the type has no role set');
  // Holds member and editor.
  const current = userDocument({ roles: roleSetValue(roleSet, new Set(['member', 'editor'])) });

  const heldAfter = (operation: Sent, from = current) => {
    const outcomes = [ALL_QUIRKS, NO_QUIRKS].map((quirks) => patched(from, [operation], quirks, type).document.roles);
    expect(outcomes[0]).toEqual(outcomes[1]);
    const held = rolesHeld(roleSet, outcomes[0]);
    expect(outcomes[0]).toEqual(roleSetValue(roleSet, held));
    return [...held];
  };

  it.each<[string, JsonValue, string[], string[]]>([
    ['an object', { admin: true }, ['admin', 'member', 'editor'], ['admin']],
    ['an object that takes away', { admin: true, member: false }, ['admin', 'editor'], ['admin']],
    ['an empty object', {}, ['member', 'editor'], []],
    ['texts for booleans', { admin: 'True', editor: 'false' }, ['admin', 'member'], ['admin']],
    ['the RFC array', [{ value: 'admin', primary: true }], ['admin', 'member', 'editor'], ['admin']],
    ['one element of it', { value: 'admin' }, ['admin', 'member', 'editor'], ['admin']],
    ['names', ['admin', 'member'], ['admin', 'member', 'editor'], ['admin', 'member']],
    ['one name', 'admin', ['admin', 'member', 'editor'], ['admin']],
    [
      'JSON text',
      [{ value: '{"id":"1","value":"admin","displayName":"A"}' }],
      ['admin', 'member', 'editor'],
      ['admin'],
    ],
    ['an empty list', [], ['member', 'editor'], []],
    ['null', null, ['member', 'editor'], []],
  ])('add and replace with %s', (_, value, added, replaced) => {
    expect(heldAfter({ op: 'add', path: 'roles', value })).toEqual(added);
    expect(heldAfter({ op: 'add', value: { roles: value } })).toEqual(added);
    expect(heldAfter({ op: 'replace', path: 'ROLES', value })).toEqual(replaced);
    expect(heldAfter({ op: 'replace', value: { Roles: value } })).toEqual(replaced);
    expect(heldAfter({ op: 'replace', path: `${USER_SCHEMA}:roles`, value })).toEqual(replaced);
  });

  it.each<[string, Sent, string[]]>([
    ['of all', { op: 'remove', path: 'roles' }, []],
    ['by value', { op: 'remove', path: 'roles', value: [{ value: 'editor' }] }, ['member']],
    ['by an object', { op: 'remove', path: 'roles', value: { editor: true } }, ['member']],
    ['by a filter', { op: 'remove', path: 'roles[value eq "editor"]' }, ['member']],
    ['by a filter in another letter case', { op: 'remove', path: 'Roles[Value Eq "EDITOR"]' }, ['member']],
    ['by a filter on display', { op: 'remove', path: 'roles[display eq "editor"]' }, ['member']],
    ['of what is not held', { op: 'remove', path: 'roles[value eq "admin"]' }, ['member', 'editor']],
    ['of what is no role', { op: 'remove', path: 'roles[value eq "nobody"]' }, ['member', 'editor']],
    ['of several', { op: 'remove', path: 'roles[value eq "editor" or value eq "member"]' }, []],
    ['of all but one', { op: 'remove', path: 'roles[not (value eq "editor")]' }, ['editor']],
    [
      'of what is two roles at once',
      { op: 'remove', path: 'roles[value eq "editor" and value eq "member"]' },
      ['member', 'editor'],
    ],
    ['of one under its label', { op: 'remove', path: 'roles[type eq "x" and value eq "editor"]' }, ['member']],
    ['of the primary ones, which are all', { op: 'remove', path: 'roles[primary eq true]' }, []],
    ['of those that are not primary', { op: 'remove', path: 'roles[primary eq false]' }, ['member', 'editor']],
    ['by the name of a role as a path', { op: 'remove', path: 'roles.editor' }, ['member']],
    ['by the name of a role in a filter', { op: 'remove', path: 'roles[editor eq true]' }, ['member']],
    [
      'by the name of a role that is to be false',
      { op: 'remove', path: 'roles[editor eq false]' },
      ['member', 'editor'],
    ],
  ])('remove %s', (_, operation, held) => {
    expect(heldAfter(operation)).toEqual(held);
  });

  it.each<[string, JsonValue, string[]]>([
    ['true', true, ['admin', 'member', 'editor']],
    ['"True"', 'True', ['admin', 'member', 'editor']],
    ['false', false, ['member', 'editor']],
    ['null', null, ['member', 'editor']],
  ])('roles.admin with %s', (_, value, held) => {
    for (const path of ['roles.admin', 'Roles.ADMIN', `${USER_SCHEMA}:roles.admin`]) {
      for (const op of ['add', 'replace']) expect(heldAfter({ op, path, value })).toEqual(held);
    }
    expect(
      patched(current, [{ op: 'replace', value: { 'roles.admin': value } }], ALL_QUIRKS, type).document.roles,
    ).toEqual(roleSetValue(roleSet, new Set(held)));
  });

  it('as Entra sets the one role of a user', () => {
    const path = 'roles[primary eq "True"].value';
    const set = (op: string, value: JsonValue) =>
      patched(current, [{ op, path, value }], ALL_QUIRKS, type).document.roles;
    expect(rolesHeld(roleSet, set('Replace', 'admin'))).toEqual(new Set(['admin']));
    expect(rolesHeld(roleSet, set('Add', 'admin'))).toEqual(new Set(['admin', 'member', 'editor']));
    expect(rolesHeld(roleSet, set('Replace', ''))).toEqual(new Set());
    expect(rolesHeld(roleSet, set('Replace', '{"id":"1","value":"editor"}'))).toEqual(new Set(['editor']));
  });

  it('replaces what a filter selects and nothing else', () => {
    expect(heldAfter({ op: 'replace', path: 'roles[value eq "editor"].value', value: 'admin' })).toEqual([
      'admin',
      'member',
    ]);
    expect(heldAfter({ op: 'replace', path: 'roles[value eq "editor"]', value: { value: 'admin' } })).toEqual([
      'admin',
      'member',
    ]);
  });

  it.each(['display', 'type', 'primary'])('ignores %s, which says nothing of what is held', (label) => {
    for (const op of ['add', 'replace', 'remove']) {
      expect(heldAfter({ op, path: `roles[primary eq "True"].${label}`, value: 'x' })).toEqual(['member', 'editor']);
      expect(heldAfter({ op, path: `roles.${label}`, value: 'x' })).toEqual(['member', 'editor']);
    }
  });

  it.each<[string, Sent, string]>([
    ['an unknown role', { op: 'replace', path: 'roles', value: { owner: true } }, '400 invalidValue'],
    ['an unknown name', { op: 'add', path: 'roles', value: ['owner'] }, '400 invalidValue'],
    ['an unknown role as a path', { op: 'replace', path: 'roles.owner', value: true }, '400 invalidValue'],
    ['another word for a boolean', { op: 'replace', path: 'roles.admin', value: 'yes' }, '400 invalidValue'],
    ['a prototype as a path', { op: 'replace', path: 'roles.constructor', value: true }, '400 invalidValue'],
    ['a filter on what roles lack', { op: 'remove', path: 'roles[owner eq true]' }, '400 invalidFilter'],
    ['a filter by parts of a name', { op: 'remove', path: 'roles[value sw "e"]' }, '400 invalidFilter'],
    ['a filter for presence', { op: 'remove', path: 'roles[display pr]' }, '400 invalidFilter'],
    [
      'an error behind a term that decides already',
      { op: 'remove', path: 'roles[value eq "x" and owner eq true]' },
      '400 invalidFilter',
    ],
  ])('refuses %s', (_, operation, refusal) => {
    for (const quirks of [ALL_QUIRKS, NO_QUIRKS]) {
      expect(refusalOf(() => patched(current, [operation], quirks, type))).toBe(refusal);
    }
  });

  it('marks an unknown role as refused input (422 in its profile)', () => {
    const operations = [{ op: 'replace', path: 'roles', value: { owner: true } }];
    expect(refused(() => patched(current, operations, ALL_QUIRKS, type)).refusedInput).toBe(true);
  });

  it('leaves roles alone when it names others only', () => {
    expect(patched(current, [{ op: 'replace', path: 'title', value: 'x' }], ALL_QUIRKS, type).document.roles).toEqual(
      current.roles,
    );
  });

  it('gives roles to who was stored without any', () => {
    expect(heldAfter({ op: 'add', path: 'roles.admin', value: true }, userDocument())).toEqual(['admin']);
  });
});
