import { describe, expect, it } from 'vitest';
import { projectionOf } from '../../src/protocol/projection.ts';
import { attribute, complex } from '../../src/schema/attribute.ts';
import type { JsonObject } from '../../src/schema/json.ts';
import type { ResourceTypeDefinition } from '../../src/schema/resource-type.ts';
import { GROUP_TYPE, USER_TYPE } from '../../src/schema/resource-types.ts';
import { ENTERPRISE_USER_SCHEMA as ENTERPRISE, USER_SCHEMA as USER } from '../../src/schema/urns.ts';
import { shows } from '../support/conformance.ts';
import { userWithRoles } from '../support/dialects.ts';
import { refusalOf } from '../support/refusal.ts';

const RESOURCE: JsonObject = {
  schemas: [USER, ENTERPRISE],
  id: 'u1',
  externalId: 'e1',
  userName: 'jdoe',
  name: { givenName: 'J', familyName: 'Doe' },
  emails: [{ value: 'j@h', type: 'work', primary: true }, { value: 'h@h' }],
  active: true,
  [ENTERPRISE]: { department: 'D', manager: { value: 'm1', $ref: '../Users/m1' } },
  meta: { resourceType: 'User', version: 'W/"1"' },
};

const including = (attributes: string) => projectionOf(USER_TYPE, { attributes }).apply(RESOURCE);
const excluding = (excludedAttributes: string) => projectionOf(USER_TYPE, { excludedAttributes }).apply(RESOURCE);
const ALWAYS = { schemas: [USER, ENTERPRISE], id: 'u1' };

describe('attributes (RFC 7644 §3.9)', () => {
  it.each<[string, JsonObject]>([
    ['userName', { userName: 'jdoe' }],
    ['USERNAME', { userName: 'jdoe' }],
    ['userName,active', { userName: 'jdoe', active: true }],
    [' userName , active ,', { userName: 'jdoe', active: true }],
    [`${USER}:userName`, { userName: 'jdoe' }],
    ['name', { name: { givenName: 'J', familyName: 'Doe' } }],
    ['name.givenName', { name: { givenName: 'J' } }],
    ['name.givenName,name', { name: { givenName: 'J', familyName: 'Doe' } }],
    ['name,name.givenName', { name: { givenName: 'J', familyName: 'Doe' } }],
    ['name.givenName,Name.familyname', { name: { givenName: 'J', familyName: 'Doe' } }],
    ['name.middleName', {}],
    ['emails.value', { emails: [{ value: 'j@h' }, { value: 'h@h' }] }],
    ['emails.type', { emails: [{ type: 'work' }] }],
    ['emails[type eq "work"]', { emails: RESOURCE.emails ?? null }],
    ['meta.version', { meta: { version: 'W/"1"' } }],
    [`${ENTERPRISE}:department`, { [ENTERPRISE]: { department: 'D' } }],
    [`${ENTERPRISE.toUpperCase()}:manager.value`, { [ENTERPRISE]: { manager: { value: 'm1' } } }],
    [ENTERPRISE, { [ENTERPRISE]: RESOURCE[ENTERPRISE] ?? null }],
    ['department', { [ENTERPRISE]: { department: 'D' } }],
    ['id', {}],
    ['nothing', {}],
    ['password', {}],
    ['__proto__,constructor.prototype.x,toString', {}],
  ])('%s', (attributes, more) => {
    expect(including(attributes)).toEqual({ ...ALWAYS, ...more });
  });
});

describe('excludedAttributes (RFC 7644 §3.9)', () => {
  const without = (...names: string[]) =>
    Object.fromEntries(Object.entries(RESOURCE).filter(([key]) => !names.includes(key)));

  it.each<[string, JsonObject]>([
    ['emails', without('emails')],
    ['Emails,NAME', without('emails', 'name')],
    ['name.givenName', { ...RESOURCE, name: { familyName: 'Doe' } }],
    ['name.givenName,name.familyName', without('name')],
    ['emails.value,emails.primary', { ...RESOURCE, emails: [{ type: 'work' }] }],
    [`${ENTERPRISE}:department`, { ...RESOURCE, [ENTERPRISE]: { manager: { value: 'm1', $ref: '../Users/m1' } } }],
    [`${ENTERPRISE}:manager.$ref`, { ...RESOURCE, [ENTERPRISE]: { department: 'D', manager: { value: 'm1' } } }],
    [ENTERPRISE, without(ENTERPRISE)],
    ['id,schemas', RESOURCE],
    ['nothing', RESOURCE],
    ['meta', without('meta')],
  ])('%s', (excludedAttributes, expected) => {
    expect(excluding(excludedAttributes)).toEqual(expected);
  });
});

describe('a projection', () => {
  it('keeps everything when nothing is asked, and says so', () => {
    for (const given of [{}, { attributes: '' }, { attributes: ' , ' }, { excludedAttributes: '' }]) {
      expect(projectionOf(USER_TYPE, given).apply(RESOURCE)).toEqual(RESOURCE);
      expect(projectionOf(USER_TYPE, given).explicit).toBe(false);
    }
    expect(projectionOf(USER_TYPE, { attributes: 'nothing' }).explicit).toBe(true);
    expect(projectionOf(USER_TYPE, { excludedAttributes: 'nothing' }).explicit).toBe(true);
  });

  it('refuses both parameters at once, as they exclude each other', () => {
    expect(refusalOf(() => projectionOf(USER_TYPE, { attributes: 'id', excludedAttributes: 'name' }))).toBe(
      '400 invalidValue',
    );
  });

  it.each([
    [{}, true],
    [{ attributes: 'displayName' }, false],
    [{ attributes: 'members.value' }, true],
    [{ attributes: 'MEMBERS' }, true],
    [{ excludedAttributes: 'members' }, false],
    [{ excludedAttributes: 'members.display' }, true],
  ])('knows whether members are wanted: %j', (given, wanted) => {
    expect(projectionOf(GROUP_TYPE, given).wants('members')).toBe(wanted);
  });

  it('wants nothing that the type lacks', () => {
    expect(projectionOf(USER_TYPE, {}).wants('members')).toBe(false);
    expect(projectionOf(USER_TYPE, {}).wants('toString')).toBe(false);
    expect(projectionOf(USER_TYPE, {}).wants('password')).toBe(false);
  });

  it('leaves the resource as it is', () => {
    const before = JSON.stringify(RESOURCE);
    including('name.givenName');
    excluding('emails.value');
    expect(JSON.stringify(RESOURCE)).toBe(before);
  });

  it('selects named roles in the shape in which they are shown', () => {
    const roles = { admin: true, member: false, editor: false };
    const apply = (attributes: string) =>
      projectionOf(userWithRoles('object'), { attributes }).apply({ ...RESOURCE, roles });
    expect(apply('roles')).toEqual({ ...ALWAYS, roles });
    expect(apply('roles.admin')).toEqual({ ...ALWAYS, roles: { admin: true } });
  });
});

describe('returned (RFC 7643 §7)', () => {
  const TRACED = 'urn:example:traced';
  const probe = complex('probe', 'Of two.', [
    attribute('at', 'By default.'),
    attribute('trace', 'On request.', { returned: 'request' }),
  ]);
  const TYPE: ResourceTypeDefinition = {
    ...USER_TYPE,
    extensions: [
      { schema: { id: TRACED, name: 'Traced', description: 'Extension', attributes: [probe] }, required: false },
    ],
    schema: {
      ...USER_TYPE.schema,
      attributes: [
        attribute('badge', 'Always.', { returned: 'always' }),
        attribute('costly', 'On request.', { returned: 'request' }),
        attribute('secret', 'Never.', { returned: 'never' }),
        complex('device', 'Of everything.', [
          attribute('serial', 'Always.', { returned: 'always' }),
          attribute('model', 'By default.'),
          attribute('log', 'On request.', { returned: 'request' }),
          attribute('key', 'Never.', { returned: 'never' }),
        ]),
      ],
    },
  };
  const resource: JsonObject = {
    id: 'x',
    badge: 'b',
    costly: 'c',
    secret: 's',
    device: { serial: '1', model: 'm', log: 'l', key: 'k' },
    [TRACED]: { probe: { at: 'a', trace: 't' } },
  };
  const apply = (given: { attributes?: string; excludedAttributes?: string }) =>
    projectionOf(TYPE, given).apply(resource);

  it.each<[string, { attributes?: string; excludedAttributes?: string }, JsonObject]>([
    ['by default', {}, { id: 'x', badge: 'b', device: { serial: '1', model: 'm' }, [TRACED]: { probe: { at: 'a' } } }],
    [
      'request, itself named beside its extension',
      { attributes: `${TRACED},${TRACED}:probe.trace` },
      { id: 'x', badge: 'b', [TRACED]: { probe: { at: 'a', trace: 't' } } },
    ],
    ['request, once named', { attributes: 'costly' }, { id: 'x', badge: 'b', costly: 'c' }],
    ['never, named or not', { attributes: 'secret,device.key' }, { id: 'x', badge: 'b', device: { serial: '1' } }],
    ['always, though excluded', { excludedAttributes: 'badge,device.serial' }, apply({})],
    [
      'request, in a parent that is named',
      { attributes: 'device' },
      { id: 'x', badge: 'b', device: { serial: '1', model: 'm' } },
    ],
    ['request, itself named', { attributes: 'device.log' }, { id: 'x', badge: 'b', device: { serial: '1', log: 'l' } }],
    ...['device,device.log', 'device.log,device', `${USER_TYPE.schema.id}:device.LOG,device,device.model`].map(
      (attributes): [string, { attributes: string }, JsonObject] => [
        `request, itself named beside its parent: ${attributes}`,
        { attributes },
        { id: 'x', badge: 'b', device: { serial: '1', model: 'm', log: 'l' } },
      ],
    ),
    ['excluded, beside its parent', { excludedAttributes: `device.model,device,${TRACED}` }, { id: 'x', badge: 'b' }],
    [
      'excluded sub-attributes',
      { excludedAttributes: `device.model,${TRACED}` },
      { id: 'x', badge: 'b', device: { serial: '1' } },
    ],
    ['nothing more of request when others are excluded', { excludedAttributes: 'id' }, apply({})],
  ])('%s', shows('7643-7-14', '7643-7-15', '7643-7-16', '7643-7-17'), (_, given, expected) => {
    expect(apply(given)).toEqual(expected);
  });
});
