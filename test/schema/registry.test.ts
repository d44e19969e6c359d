import { describe, expect, it } from 'vitest';
import {
  attributesOf,
  coreAttribute,
  extensionSchema,
  resolveAttribute,
  resolveExtension,
  schemasOf,
  typeNamed,
} from '../../src/schema/registry.ts';
import type { ResourceTypeDefinition } from '../../src/schema/resource-type.ts';
import { GROUP_TYPE, USER_TYPE } from '../../src/schema/resource-types.ts';
import { ENTERPRISE_USER_SCHEMA as ENTERPRISE, USER_SCHEMA as USER } from '../../src/schema/urns.ts';

describe('resolveAttribute', () => {
  it.each([
    ['userName', 'userName'],
    ['USERNAME', 'userName'],
    ['name.givenName', 'name.givenName'],
    ['Name.GIVENNAME', 'name.givenName'],
    ['emails.value', 'emails.value'],
    ['id', 'id'],
    ['externalid', 'externalId'],
    ['META.LastModified', 'meta.lastModified'],
    ['schemas', 'schemas'],
    ['groups.$ref', 'groups.$ref'],
    [`${USER}:userName`, 'userName'],
    [`${USER.toUpperCase()}:EMAILS.Value`, 'emails.value'],
    [`${USER}:id`, 'id'],
    [`${ENTERPRISE}:department`, `${ENTERPRISE}:department`],
    [`${ENTERPRISE.toLowerCase()}:Manager.VALUE`, `${ENTERPRISE}:manager.value`],
    [`${ENTERPRISE}:manager.$ref`, `${ENTERPRISE}:manager.$ref`],
  ])('resolves %s to %s', (text, path) => {
    expect(resolveAttribute(USER_TYPE, text)?.path).toBe(path);
  });

  it.each([
    '',
    '.',
    ':',
    'nothing',
    'emails.',
    '.value',
    'emails.nothing',
    'userName.value',
    'emails.value.x',
    'name.givenName.x',
    'members',
    'department',
    'manager',
    USER,
    `${USER}:`,
    `${USER}:nothing`,
    `${USER}:department`,
    `${USER}.userName`,
    `${ENTERPRISE}:`,
    `${ENTERPRISE}:userName`,
    `${ENTERPRISE}:id`,
    'urn:ietf:params:scim:schemas:extension:enterprise:2.0User:department',
    '__proto__',
    'constructor',
    'toString',
    'constructor.prototype',
    'constructor.prototype.x',
    'name.__proto__',
    'emails.constructor',
    `${ENTERPRISE}:__proto__`,
  ])('resolves %j to nothing', (text) => {
    expect(resolveAttribute(USER_TYPE, text)).toBeUndefined();
  });

  it('looks for bare names in the extensions only when told to, and in the core first', () => {
    expect(resolveAttribute(USER_TYPE, 'Manager.value', { searchExtensions: true })?.path).toBe(
      `${ENTERPRISE}:manager.value`,
    );
    expect(resolveAttribute(USER_TYPE, 'userName', { searchExtensions: true })?.path).toBe('userName');
    expect(resolveAttribute(USER_TYPE, 'nothing', { searchExtensions: true })).toBeUndefined();
  });

  it('finds the attribute of an extension whose URN begins with that of another', () => {
    const longer = {
      id: `${ENTERPRISE}:More`,
      name: 'More',
      description: 'More',
      attributes: USER_TYPE.schema.attributes,
    };
    const type: ResourceTypeDefinition = {
      ...USER_TYPE,
      extensions: [...USER_TYPE.extensions, { schema: longer, required: false }],
    };
    expect(resolveAttribute(type, `${ENTERPRISE}:More:title`)?.path).toBe(`${ENTERPRISE}:More:title`);
    expect(resolveAttribute(type, `${ENTERPRISE}:department`)?.extension).toBe(ENTERPRISE);
  });
});

describe('the other look-ups', () => {
  it('find an extension by its URN in any letter case', () => {
    expect(resolveExtension(USER_TYPE, ENTERPRISE.toUpperCase())?.extension).toBe(ENTERPRISE);
    expect(extensionSchema(USER_TYPE, USER)).toBeUndefined();
    expect(resolveExtension(GROUP_TYPE, ENTERPRISE)).toBeUndefined();
  });

  it('find core and common attributes, not those of extensions', () => {
    expect(coreAttribute(USER_TYPE, 'EXTERNALID')?.name).toBe('externalId');
    expect(coreAttribute(GROUP_TYPE, 'members')?.name).toBe('members');
    expect(coreAttribute(USER_TYPE, 'department')).toBeUndefined();
    expect(coreAttribute(USER_TYPE, 'hasOwnProperty')).toBeUndefined();
  });

  it('find a type by its exact name', () => {
    const registry = { types: [USER_TYPE, GROUP_TYPE] };
    expect(typeNamed(registry, 'Group')).toBe(GROUP_TYPE);
    expect(typeNamed(registry, 'group')).toBeUndefined();
  });

  it('list each schema once', () => {
    const ids = schemasOf({ types: [USER_TYPE, GROUP_TYPE, USER_TYPE] }).map((schema) => schema.id);
    expect(ids).toEqual([USER, ENTERPRISE, GROUP_TYPE.schema.id]);
  });

  it('list common, core and extension attributes, each with a path that resolves to itself', () => {
    const attributes = attributesOf(USER_TYPE);
    expect(attributes.map(({ path }) => path)).toContain(`${ENTERPRISE}:costCenter`);
    for (const { path, attribute } of attributes) expect(resolveAttribute(USER_TYPE, path)?.attribute).toBe(attribute);
    expect(new Set(attributes.map(({ path }) => path.toLowerCase())).size).toBe(attributes.length);
  });
});
