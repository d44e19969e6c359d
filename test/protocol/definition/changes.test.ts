import { describe, expect, it } from 'vitest';
import { demandsOf } from '../../../src/protocol/definition/changes.ts';
import { type AttributeDefinition, attribute, complex } from '../../../src/schema/attribute.ts';
import type { SchemaDefinition } from '../../../src/schema/resource-type.ts';

const of = (...attributes: AttributeDefinition[]): SchemaDefinition => ({
  id: 'urn:x:y',
  name: '',
  description: '',
  attributes,
});
const asked = (before: SchemaDefinition, after: SchemaDefinition) =>
  demandsOf(before, after).map(({ attribute: { name }, sub, needs, change }) => [
    sub ? `${name}.${sub.name}` : name,
    needs,
    change,
  ]);

describe('demandsOf', () => {
  it('asks nothing when attributes are added, or say more, or are asked less of', () => {
    const before = of(
      attribute('a', 'old', { required: true, uniqueness: 'server' }),
      attribute('page', '', { type: 'reference', referenceTypes: ['external'] }),
      attribute('boss', '', { type: 'reference', referenceTypes: ['User'] }),
      complex('c', '', [attribute('s', '')]),
    );
    const after = of(
      attribute('b', ''),
      attribute('a', 'new', { canonicalValues: ['x'], mutability: 'immutable', returned: 'always' }),
      attribute('page', '', { type: 'reference', referenceTypes: ['uri'] }),
      attribute('boss', '', { type: 'reference', referenceTypes: ['Group', 'external'] }),
      complex('c', '', [attribute('s', ''), attribute('t', '')]),
    );
    expect(asked(before, after)).toEqual([]);
  });

  it.each<[string, AttributeDefinition, AttributeDefinition | undefined, string[]]>([
    ['removed', attribute('a', ''), undefined, ['no value', 'it is removed']],
    ['spelled otherwise', attribute('a', ''), attribute('A', ''), ['no value', 'it is removed']],
    [
      'of another type',
      attribute('a', ''),
      attribute('a', '', { type: 'integer' }),
      ['no value', 'its type changes from string to integer'],
    ],
    [
      'multi-valued',
      attribute('a', ''),
      attribute('a', '', { multiValued: true }),
      ['no value', 'it becomes multi-valued'],
    ],
    [
      'single-valued',
      attribute('a', '', { multiValued: true }),
      attribute('a', ''),
      ['no value', 'it becomes single-valued'],
    ],
    ['caseExact', attribute('a', ''), attribute('a', '', { caseExact: true }), ['no value', 'caseExact becomes true']],
    [
      'unique',
      attribute('a', ''),
      attribute('a', '', { uniqueness: 'server' }),
      ['no value', 'its uniqueness becomes server'],
    ],
    [
      'a reference to resources',
      attribute('a', '', { type: 'reference', referenceTypes: ['external'] }),
      attribute('a', '', { type: 'reference', referenceTypes: ['external', 'User'] }),
      ['no value', 'its referenceTypes come to name resource types'],
    ],
    [
      'no reference to resources',
      attribute('a', '', { type: 'reference', referenceTypes: ['User'] }),
      attribute('a', '', { type: 'reference', referenceTypes: ['uri'] }),
      ['no value', 'its referenceTypes no longer name resource types'],
    ],
    ['required', attribute('a', ''), attribute('a', '', { required: true }), ['a value', 'it becomes required']],
  ])('asks for something when an attribute is %s', (_, before, after, demand) => {
    const inner = (one?: AttributeDefinition) => of(complex('c', '', [attribute('x', ''), ...(one ? [one] : [])]));
    expect(asked(of(before), of(...(after ? [after] : [])))).toEqual([['a', ...demand]]);
    expect(asked(inner(before), inner(after))).toEqual([['c.a', ...demand]]);
  });

  it('asks for a value of what is new and required', () => {
    const required = attribute('a', '', { required: true });
    expect(asked(of(), of(required))).toEqual([['a', 'a value', 'it is new and required']]);
    const before = of(complex('c', '', [attribute('x', '')]));
    expect(asked(before, of(complex('c', '', [attribute('x', ''), required])))).toEqual([
      ['c.a', 'a value', 'it is new and required'],
    ]);
  });

  it('asks for no values where groups come to be computed', () => {
    const subs = [attribute('value', '')];
    const sent = complex('groups', '', subs, { multiValued: true });
    expect(asked(of(sent), of({ ...sent, mutability: 'readOnly' }))).toMatchObject([
      ['groups', 'no value', expect.any(String)],
    ]);
  });
});
