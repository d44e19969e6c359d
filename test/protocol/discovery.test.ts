import { describe, expect, it } from 'vitest';
import { PROFILES } from '../../src/profiles/index.ts';
import { GRADES } from '../../src/profiles/profile.ts';
import { DEFAULT_ROLE_NAMES, dialectOf } from '../../src/profiles/resolve.ts';
import { resourceTypes, schemas, serviceProviderConfig } from '../../src/protocol/discovery.ts';
import { isObject, type JsonObject, type JsonValue } from '../../src/schema/json.ts';
import { shows } from '../support/conformance.ts';

const BASE = 'https://scim.example.com/scim/v2';
const CORE = 'urn:ietf:params:scim:schemas:core:2.0';
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

const dialects = PROFILES.flatMap((profile) =>
  GRADES.map(
    (grade) => [`${profile.name}, ${grade}`, dialectOf(profile, grade, { roles: DEFAULT_ROLE_NAMES })] as const,
  ),
);

/** Every published attribute with its path; sub-attributes after their parent. */
function attributes(documents: JsonObject[]): { path: string; attribute: JsonObject; isSub: boolean }[] {
  const walk = (list: JsonValue | undefined, prefix: string, isSub: boolean): ReturnType<typeof attributes> =>
    ((list ?? []) as JsonObject[]).flatMap((attribute) => {
      const path = `${prefix}${attribute.name}`;
      return [{ path, attribute, isSub }, ...walk(attribute.subAttributes, `${path}.`, true)];
    });
  return documents.flatMap((schema) => walk(schema.attributes, `${schema.id}:`, false));
}

function values(value: JsonValue): JsonValue[] {
  const inner = Array.isArray(value) ? value : isObject(value) ? Object.values(value) : [];
  return [value, ...inner.flatMap(values)];
}

describe.each(dialects)('discovery of %s', (_, dialect) => {
  const published = schemas(dialect.registry, dialect.quirks, BASE);
  const types = resourceTypes(dialect.registry, BASE);

  it('lists the schemas of the resource types and of discovery, and no message', () => {
    expect(published.map((schema) => schema.id)).toEqual([
      `${CORE}:User`,
      ENTERPRISE,
      ...(dialect.profile.invitations ? ['urn:rollcall:params:scim:schemas:extension:account:2.0:User'] : []),
      ...(dialect.profile.teams ? ['urn:rollcall:params:scim:schemas:extension:origin:2.0:User'] : []),
      `${CORE}:Group`,
      ...(dialect.profile.teams ? ['urn:rollcall:params:scim:schemas:extension:team:2.0:Group'] : []),
      `${CORE}:ServiceProviderConfig`,
      `${CORE}:ResourceType`,
      `${CORE}:Schema`,
    ]);
  });

  it('refers from the resource types only to schemas that are listed', shows('7643-6-5', '7643-6-6'), () => {
    const ids = published.map((schema) => schema.id);
    const referred = types.flatMap((type) => [
      type.schema,
      ...((type.schemaExtensions ?? []) as JsonObject[]).map((extension) => extension.schema),
    ]);
    expect(referred.filter((urn) => !ids.includes(urn as string))).toEqual([]);
  });

  it('has no null and no empty array anywhere (RFC 7643 §2.5)', shows('7643-2.5-3'), () => {
    for (const value of values([...published, ...types])) {
      expect(value).not.toBeNull();
      expect(value).not.toEqual([]);
    }
  });

  it('publishes nothing but the characteristics of RFC 7643 §7', shows('7643-7-3'), () => {
    const legal = ['name', 'type', 'subAttributes', 'multiValued', 'description', 'required', 'canonicalValues'].concat(
      ['caseExact', 'mutability', 'returned', 'uniqueness', 'referenceTypes'],
    );
    for (const { path, attribute } of attributes(published)) {
      expect(
        Object.keys(attribute).filter((key) => !legal.includes(key)),
        path,
      ).toEqual([]);
    }
  });

  it('gives every attribute the characteristics that its type has', shows('7643-1.2-1', '7643-7-3'), () => {
    for (const { path, attribute } of attributes(published)) {
      const type = attribute.type as string;
      expect(attribute, path).toMatchObject({
        name: expect.stringMatching(/^(?:\$ref|[A-Za-z][A-Za-z0-9_-]*)$/),
        type: expect.stringMatching(/^(?:string|boolean|decimal|integer|dateTime|binary|reference|complex)$/),
        multiValued: expect.any(Boolean),
        description: expect.stringMatching(/./),
        required: expect.any(Boolean),
        mutability: expect.stringMatching(/^(?:readOnly|readWrite|immutable|writeOnly)$/),
        returned: expect.stringMatching(/^(?:always|never|default|request)$/),
      });
      expect('caseExact' in attribute, path).toBe(['string', 'reference', 'binary'].includes(type));
      expect('uniqueness' in attribute, path).toBe(['string', 'reference', 'integer', 'decimal'].includes(type));
      expect('referenceTypes' in attribute, path).toBe(type === 'reference');
      expect('subAttributes' in attribute, path).toBe(type === 'complex');
    }
  });

  it('nests no complex attribute in another, except where RFC 7643 §8.7.2 does', shows('7643-7-5'), () => {
    const nested = attributes(published).filter(({ attribute, isSub }) => isSub && attribute.type === 'complex');
    expect(nested.map(({ path }) => path)).toEqual([`${CORE}:Schema:attributes.subAttributes`]);
  });

  it('describes its own documents: no key is undeclared, every required one is there', shows('7643-5-1'), () => {
    const documents = [
      ...published,
      ...types,
      serviceProviderConfig(
        {
          patch: true,
          changePassword: true,
          interopProfileConformant: true,
          bulk: { supported: false, maxOperations: 1, maxPayloadSize: 1 },
          maxResults: 1,
          pagination: { defaultPageSize: 1, maxPageSize: 1, cursorTimeout: 1 },
        },
        BASE,
      ),
    ];
    for (const document of documents) {
      const urn = (document.schemas as string[])[0];
      const schema = published.find(({ id }) => id === urn) as JsonObject;
      const { schemas: _, meta: __, ...own } = document;
      expectDeclared(own, schema.attributes as JsonObject[], String(document.id ?? urn));
    }
  });
});

/** Checks that an object has only declared keys and all required ones; `id` is common to all resources. */
function expectDeclared(object: JsonObject, declared: JsonObject[], path: string): void {
  const names = declared.map(({ name }) => name);
  // The Schema schema can't describe that it nests itself (RFC 7643 §8.7.2).
  if (path.endsWith('.attributes.subAttributes')) names.push('subAttributes');
  expect(
    Object.keys(object).filter((key) => !names.includes(key)),
    path,
  ).toEqual([]);
  for (const attribute of declared) {
    const value = object[attribute.name as string];
    if (attribute.required) expect(value, `${path}.${attribute.name}`).toBeDefined();
    if (value === undefined) continue;
    expect(Array.isArray(value), `${path}.${attribute.name}`).toBe(attribute.multiValued);
    if (attribute.type !== 'complex') continue;
    for (const element of [value].flat()) {
      expectDeclared(element as JsonObject, attribute.subAttributes as JsonObject[], `${path}.${attribute.name}`);
    }
  }
}

describe('the published schemas', () => {
  const [, rfc] = dialects.find(([name]) => name.startsWith('rfc')) ?? [];
  const [, roleObject] = dialects.find(([name]) => name.startsWith('role-object')) ?? [];
  if (!rfc || !roleObject) throw new Error('a profile is missing');
  const of = (dialect: typeof rfc) =>
    new Map(
      attributes(schemas(dialect.registry, dialect.quirks, BASE)).map(({ path, attribute }) => [path, attribute]),
    );
  const plain = of(rfc);

  it.each<[path: string, expected: object, source: string]>([
    ['Group:displayName', { required: true }, '5368'],
    ['User:groups.$ref', { referenceTypes: ['Group'] }, '8471'],
    ['ResourceType:schemaExtensions', { multiValued: true }, '7522'],
    ['ResourceType:name', { uniqueness: 'server' }, '8475'],
    ['ResourceType:endpoint', { uniqueness: 'server' }, '8475'],
    ['Schema:attributes.type', { canonicalValues: expect.arrayContaining(['binary', 'complex']) }, '5606'],
    ['Schema:attributes.subAttributes.type', { canonicalValues: expect.not.arrayContaining(['complex']) }, '8435'],
    ['Schema:attributes.subAttributes.referenceTypes', { multiValued: true }, '5607'],
    ['User:x509Certificates.value', { type: 'binary' }, '5606'],
    ['Group:members.display', { type: 'string' }, '6011'],
    ['ServiceProviderConfig:etag', { type: 'complex', required: true }, 'RFC 7643 §5'],
    ['ServiceProviderConfig:pagination', { type: 'complex', required: false }, 'RFC 9865 §4'],
    ['ServiceProviderConfig:pagination.cursor', { type: 'boolean', required: true }, 'RFC 9865 §4'],
    ['ServiceProviderConfig:pagination.index', { type: 'boolean', required: true }, 'RFC 9865 §4'],
    ['ServiceProviderConfig:authenticationSchemes.type', { required: true }, 'RFC 7643 §5'],
  ])('has %s with %j (%s)', shows('9865-4-1', '9865-4-2'), (path, expected) => {
    expect(plain.get(`${CORE}:${path}`)).toMatchObject(expected);
  });

  it('has manager.value caseExact (erratum 8472)', shows('7643-4.3-1'), () => {
    expect(plain.get(`${ENTERPRISE}:manager.value`)).toMatchObject({ caseExact: true });
  });

  it.each([
    ['userName', { required: true, caseExact: false, uniqueness: 'server' }],
    ['password', { mutability: 'writeOnly', returned: 'never' }],
    ['groups', { mutability: 'readOnly' }],
    ['active', { type: 'boolean' }],
  ])('says of User.%s what RFC 7643 §8.7.1 says', (name, expected) => {
    expect(plain.get(`${CORE}:User:${name}`)).toMatchObject(expected);
  });

  it.each(['emails', 'phoneNumbers', 'addresses'])(
    'has canonical types of %s, which clients turn into paths',
    (name) => {
      expect(plain.get(`${CORE}:User:${name}.type`)).toMatchObject({
        canonicalValues: expect.arrayContaining(['work']),
      });
    },
  );

  it('has no canonical types of roles', () => {
    expect(plain.get(`${CORE}:User:roles.type`)).not.toHaveProperty('canonicalValues');
  });

  it("shows the tenant's own role names where roles are named", () => {
    expect(of(roleObject).get(`${CORE}:User:roles`)).toMatchObject({
      type: 'complex',
      multiValued: false,
      subAttributes: ['admin', 'member', 'editor'].map((name) => expect.objectContaining({ name, type: 'boolean' })),
    });
  });
});
