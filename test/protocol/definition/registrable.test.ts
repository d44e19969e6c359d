import { describe, expect, it } from 'vitest';
import { checkRegistrable } from '../../../src/protocol/definition/registrable.ts';
import { readSchema } from '../../../src/protocol/definition/schema.ts';
import type { JsonObject } from '../../../src/schema/json.ts';
import { refused } from '../../support/refusal.ts';

const of = (...attributes: JsonObject[]) => readSchema({ id: 'urn:example:2.0:Desk', attributes });
const reference = (...referenceTypes: string[]) => ({ name: 'x', type: 'reference', referenceTypes });
const complex = (...subAttributes: JsonObject[]) => ({ name: 'c', type: 'complex', subAttributes });
const READ_ONLY = { name: 'a', mutability: 'readOnly' };

describe('checkRegistrable', () => {
  it.each<[string, JsonObject]>([
    ['references to resources of several types', reference('User', 'Group')],
    ['sub-attributes that refer to resources', complex(reference('User', 'Group'))],
    ['references to resources and to what is elsewhere, as RFC 7643 §7 has them', reference('User', 'external', 'uri')],
    ['a required one with a part that can be sent', { ...complex(READ_ONLY, { name: 'b' }), required: true }],
    ['one whose parts are all readOnly', complex(READ_ONLY)],
  ])('takes %s', (_, attribute) => {
    expect(() => checkRegistrable(of(attribute))).not.toThrow();
  });

  it.each<[string, JsonObject, string]>([
    [
      'a required one whose parts are all readOnly',
      { ...complex(READ_ONLY, { ...READ_ONLY, name: 'b' }), required: true },
      'Attribute "c": it is required and its sub-attributes are all readOnly, so that nobody could ever send the value that ' +
        'it must have; send "required": false, or another mutability of one of them.',
    ],
  ])('refuses %s', (_, attribute, detail) => {
    const error = refused(() => checkRegistrable(of(attribute)));
    expect([error.status, error.scimType]).toEqual([400, 'invalidValue']);
    expect(error.detail).toContain(detail);
  });
});
