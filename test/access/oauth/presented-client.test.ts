import { describe, expect, it } from 'vitest';
import { OAuthError } from '../../../src/access/oauth/errors.ts';
import { presentedClient } from '../../../src/access/oauth/presented-client.ts';
import { basic } from '../../support/oauth.ts';

describe('what authenticates a client', () => {
  const form = (given: Record<string, string>) => new Map(Object.entries(given));
  it('is read from HTTP Basic, whose parts may hold colons and blanks', () => {
    const { authorization } = basic('a:b', 'c d+e%');
    expect(presentedClient(authorization, form({}))).toEqual({ method: 'secret', clientId: 'a:b', secret: 'c d+e%' });
    expect(presentedClient(authorization.replace('Basic', 'bAsIc'), form({}))).toMatchObject({ method: 'secret' });
  });
  it.each(['', 'Basic', 'Basic !', 'Bearer x', 'Basic YTo=', 'Basic YQ==', 'Basic YTolJQ==', 'Basic YTpi x'])(
    'is not %j',
    (authorization) => {
      expect(() => presentedClient(authorization, form({}))).toThrow(OAuthError);
    },
  );
});
