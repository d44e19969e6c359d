import { describe, expect, it } from 'vitest';
import { type AttributeDefinition, subAttribute } from '../../src/schema/attribute.ts';
import { DISCOVERY_SCHEMAS, RESOURCE_TYPE, SCHEMA } from '../../src/schema/discovery.ts';
import type { SchemaDefinition } from '../../src/schema/resource-type.ts';
import { SERVICE_PROVIDER_CONFIG } from '../../src/schema/service-provider-config.ts';
import { shows } from '../support/conformance.ts';

function at(schema: SchemaDefinition, path: string): AttributeDefinition {
  const [name = '', ...subs] = path.split('.');
  let found = schema.attributes.find((attribute) => attribute.name === name);
  for (const sub of subs) found = found && subAttribute(found, sub);
  if (!found) throw new Error(`${schema.name} has no ${path}`);
  return found;
}

describe('the schemas of the discovery documents', () => {
  it('are read only throughout', shows('7643-5-6', '7643-6-1', '7643-7-2'), () => {
    for (const schema of DISCOVERY_SCHEMAS) {
      for (const attribute of schema.attributes) {
        expect(attribute.mutability, `${schema.name} ${attribute.name}`).toBe('readOnly');
        for (const sub of attribute.subAttributes ?? []) expect(sub.mutability).toBe('readOnly');
      }
    }
  });

  it('require in ServiceProviderConfig what RFC 7643 §5 requires, etag included', shows('7643-5-1'), () => {
    const required = SERVICE_PROVIDER_CONFIG.attributes.filter((attribute) => attribute.required);
    expect(required.map(({ name }) => name)).toEqual([
      'patch',
      'bulk',
      'filter',
      'changePassword',
      'sort',
      'etag',
      'authenticationSchemes',
    ]);
    for (const { name } of required.slice(0, 6)) {
      expect(at(SERVICE_PROVIDER_CONFIG, `${name}.supported`)).toMatchObject({ type: 'boolean', required: true });
    }
    expect(at(SERVICE_PROVIDER_CONFIG, 'bulk.maxOperations')).toMatchObject({ type: 'integer', required: true });
    expect(at(SERVICE_PROVIDER_CONFIG, 'authenticationSchemes.type').canonicalValues).toContain('oauthbearertoken');
  });

  it('have several schemaExtensions (erratum 7522) and unique names and endpoints (erratum 8475)', () => {
    expect(at(RESOURCE_TYPE, 'schemaExtensions').multiValued).toBe(true);
    expect(at(RESOURCE_TYPE, 'name')).toMatchObject({ required: true, uniqueness: 'server' });
    expect(at(RESOURCE_TYPE, 'endpoint')).toMatchObject({ required: true, uniqueness: 'server', multiValued: false });
  });

  it('let attributes be binary (erratum 5606), and sub-attributes not be complex (errata 8435, 8415)', () => {
    expect(at(SCHEMA, 'attributes.type').canonicalValues).toEqual(expect.arrayContaining(['binary', 'complex']));
    expect(at(SCHEMA, 'attributes.subAttributes.type').canonicalValues).toContain('binary');
    expect(at(SCHEMA, 'attributes.subAttributes.type').canonicalValues).not.toContain('complex');
  });

  it('let simple attributes be multi-valued inside complex ones (erratum 5607)', () => {
    expect(at(SCHEMA, 'attributes.referenceTypes')).toMatchObject({ type: 'string', multiValued: true });
    expect(at(SCHEMA, 'attributes.canonicalValues')).toMatchObject({ type: 'string', multiValued: true });
  });

  it('have every characteristic that RFC 7643 §7 defines, on attributes and sub-attributes alike', () => {
    const characteristics = [
      'name',
      'type',
      'multiValued',
      'description',
      'required',
      'canonicalValues',
      'caseExact',
      'mutability',
      'returned',
      'uniqueness',
      'referenceTypes',
    ];
    const namesIn = (path: string) => at(SCHEMA, path).subAttributes?.map(({ name }) => name);
    expect(namesIn('attributes')).toEqual([...characteristics, 'subAttributes']);
    expect(namesIn('attributes.subAttributes')).toEqual(characteristics);
  });
});
