import { describe, expect, it } from 'vitest';
import { sentCredential } from '../../src/access/authorization.ts';
import { SCIM_SURFACE } from '../../src/access/surfaces.ts';
import { ScimError } from '../../src/protocol/errors.ts';

const TOKEN = `rc.${'A'.repeat(22)}.abcd1234.${'s'.repeat(43)}`;

const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

function refusal(header: string | undefined): ScimError {
  try {
    sentCredential(header, SCIM_SURFACE);
  } catch (error) {
    if (error instanceof ScimError) return error;
  }
  throw new Error('was not refused');
}

describe('sentCredential', () => {
  it.each(['Bearer', 'bearer', 'BEARER'])('takes the scheme in any letter case: %s', (scheme) => {
    expect(sentCredential(`${scheme} ${TOKEN}`, SCIM_SURFACE)).toEqual({ scheme: 'bearer', text: TOKEN, raw: false });
  });

  it('bears spaces around the token', () => {
    expect(sentCredential(`  Bearer \t ${TOKEN}  `, SCIM_SURFACE)).toEqual({
      scheme: 'bearer',
      text: TOKEN,
      raw: false,
    });
  });

  it('marks a token that came without a scheme', () => {
    expect(sentCredential(TOKEN, SCIM_SURFACE)).toEqual({ scheme: 'bearer', text: TOKEN, raw: true });
  });

  it.each([
    [undefined, 'The request has no Authorization header; this endpoint needs "Bearer <token>".'],
    ['', 'The request has no Authorization header; this endpoint needs "Bearer <token>".'],
    ['Bearer', 'The Authorization header has "Bearer" and no token; this endpoint needs "Bearer <token>".'],
    ['Bearer  ', 'The Authorization header has "Bearer" and no token; this endpoint needs "Bearer <token>".'],
    ['Bearer a b', 'The Authorization header has more than one token; this endpoint needs "Bearer <token>".'],
    [`Bearer Bearer ${TOKEN}`, 'The Authorization header has "Bearer" twice; this endpoint needs "Bearer <token>".'],
    ['non-token', 'The Authorization header has no scheme; this endpoint needs "Bearer <token>".'],
    ['hunter2 x', 'The Authorization header has an unknown scheme; this endpoint needs "Bearer <token>".'],
  ])('refuses %j and says what was sent', (header, detail) => {
    expect(refusal(header)).toMatchObject({ status: 401, detail });
  });

  it.each(['hunter2', 'hunter2 x', 'Digest hunter2', 'AccessKey hunter2 hunter2', 'Bearer hunter2 hunter2'])(
    'never repeats the secret of %j',
    (header) => {
      expect(refusal(header).detail).not.toContain('hunter2');
    },
  );

  it.each([
    ['AccessKey k', { scheme: 'access-key', text: 'k', raw: false }],
    ['apikey p.s', { scheme: 'api-key', text: 'p.s', raw: false }],
    // RFC 7617: organization and key, the key alone, and a key with a colon.
    [basic('org:key'), { scheme: 'basic', organization: 'org', text: 'key', raw: false }],
    [basic('key:'), { scheme: 'basic', text: 'key', raw: false }],
    [basic('org:a:b'), { scheme: 'basic', organization: 'org', text: 'a:b', raw: false }],
  ])('reads %j, whatever the surface takes', (header, sent) => {
    expect(sentCredential(header, SCIM_SURFACE)).toEqual(sent);
  });

  it.each([basic('no colon'), 'Basic !!!'])('refuses %j, which holds no user name and password', (header) => {
    expect(refusal(header).detail).toContain('no base64 of a user name, a colon and a password');
  });

  it('adds an error to the challenge only when a token was sent', () => {
    expect(refusal(undefined).headers).toEqual({ 'www-authenticate': 'Bearer realm="SCIM"' });
    expect(refusal('Bearer a b').headers).toEqual({ 'www-authenticate': 'Bearer realm="SCIM", error="invalid_token"' });
  });
});
