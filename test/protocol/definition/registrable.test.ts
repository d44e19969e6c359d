import { describe, expect, it } from 'vitest';
import { checkRegistrable } from '../../../src/protocol/definition/registrable.ts';
import { readSchema } from '../../../src/protocol/definition/schema.ts';
import type { JsonObject } from '../../../src/schema/json.ts';
import { refused } from '../../support/refusal.ts';

const of = (...attributes: JsonObject[]) => readSchema({ id: 'urn:example:2.0:Desk', attributes });
const reference = (...referenceTypes: string[]) => ({ name: 'x', type: 'reference', referenceTypes });
const complex = (...subAttributes: JsonObject[]) => ({ name: 'c', type: 'complex', subAttributes });

describe('checkRegistrable', () => {
  it.each<[string, JsonObject]>([
    ['references to resources of several types', reference('User', 'Group')],
    ['references to what is elsewhere', reference('external')],
    ['references to what is elsewhere or has any URI', reference('external', 'uri')],
  ])('takes %s', (_, attribute) => {
    expect(() => checkRegistrable(of(attribute, complex(attribute)))).not.toThrow();
  });

  it.each<[string, JsonObject, string]>([
    [
      'references to resources and to what is elsewhere',
      reference('external', 'User', 'Group'),
      'Attribute "x": "referenceTypes" has "external" beside names of resource types; send ["User","Group"] for resources of ' +
        'this server alone, or ["external"] for all else.',
    ],
    ['such a sub-attribute', complex(reference('User', 'uri')), 'Attribute "c.x": "referenceTypes" has "uri" beside'],
  ])('refuses %s', (_, attribute, detail) => {
    const error = refused(() => checkRegistrable(of(attribute)));
    expect([error.status, error.scimType]).toEqual([400, 'invalidValue']);
    expect(error.detail).toContain(detail);
  });
});
