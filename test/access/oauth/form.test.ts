import { describe, expect, it } from 'vitest';
import { OAuthError } from '../../../src/access/oauth/errors.ts';
import { parseForm } from '../../../src/access/oauth/form.ts';

describe('a form', () => {
  it.each<[string, Record<string, string>]>([
    ['a=b&c=d', { a: 'b', c: 'd' }],
    ['a=b+c%2Bd%C3%A9', { a: 'b c+dé' }],
    ['a=&b', {}],
    ['&&a=1&', { a: '1' }],
    ['a=b=c', { a: 'b=c' }],
    ['__proto__=x', { ['__proto__']: 'x' }],
    ['', {}],
  ])('of %j is read', (text, wanted) => {
    expect([...parseForm(text)]).toEqual(Object.entries(wanted));
  });
  it.each(['a=1&a=2', 'a=&a=', 'a=1&%61=2', 'a=%', 'a=%zz', '%ff=1'])('of %j is refused', (text) => {
    expect(() => parseForm(text)).toThrow(OAuthError);
  });
  it('shows no value, nor a name that could be one, in what it refuses', () => {
    expect(() => parseForm('rcs.SECRET=1&rcs.SECRET=2')).toThrow(/^The form has the parameter of some name twice/);
  });
});
