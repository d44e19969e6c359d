import { expect, test } from 'vitest';
import { filled, filledText, type Names, valueAt } from './names.ts';

const names: Names = new Map<string, never>(
  Object.entries({ id: '7', n: 3, user: { id: '7', name: { givenName: 'A' }, groups: [1] } }) as [string, never][],
);

test('placeholders are filled in texts, keys and values', () => {
  expect(filledText('/Users/{{id}}?n={{n}}', names)).toBe('/Users/7?n=3');
  expect(filled({ 'members[value eq "{{id}}"]': ['u{{n}}', { a: '{{n}}' }] }, names)).toEqual({
    'members[value eq "7"]': ['u3', { a: 3 }],
  });
});

test('a fetched resource is sent back with members put over its own', () => {
  expect(filled({ $fetched: 'user', groups: [], name: { givenName: 'B' } }, names)).toEqual({
    id: '7',
    name: { givenName: 'B' },
    groups: [],
  });
});

test('an unknown name is an error', () => {
  expect(() => filledText('{{idd}}', names)).toThrow('idd');
});

test('dotted paths reach into objects, elements and every element', () => {
  const list = { Resources: [{ id: '1', emails: [{ value: 'x' }] }, { id: '2' }] };
  expect(valueAt(list, 'Resources.0.emails.0.value')).toBe('x');
  expect(valueAt(list, 'Resources.*.id')).toEqual(['1', '2']);
  expect(valueAt(list, 'Resources.5.id')).toBeUndefined();
  expect(valueAt(list, '')).toBe(list);
});
