import { describe, expect, it } from 'vitest';
import { sentToken } from '../../src/access/authorization.ts';
import { ScimError } from '../../src/protocol/errors.ts';

const TOKEN = `rc.${'A'.repeat(22)}.abcd1234.${'s'.repeat(43)}`;

function refusal(header: string | undefined): ScimError {
  try {
    sentToken(header);
  } catch (error) {
    if (error instanceof ScimError) return error;
  }
  throw new Error('was not refused');
}

describe('sentToken', () => {
  it.each(['Bearer', 'bearer', 'BEARER'])('takes the scheme in any letter case: %s', (scheme) => {
    expect(sentToken(`${scheme} ${TOKEN}`)).toEqual({ text: TOKEN, raw: false });
  });

  it('bears spaces around the token', () => {
    expect(sentToken(`  Bearer \t ${TOKEN}  `)).toEqual({ text: TOKEN, raw: false });
  });

  it('marks a token that came without a scheme', () => {
    expect(sentToken(TOKEN)).toEqual({ text: TOKEN, raw: true });
  });

  it.each([
    [undefined, 'The request has no Authorization header; this endpoint needs "Bearer <token>".'],
    ['', 'The request has no Authorization header; this endpoint needs "Bearer <token>".'],
    ['Bearer', 'The Authorization header has "Bearer" and no token; this endpoint needs "Bearer <token>".'],
    ['Bearer  ', 'The Authorization header has "Bearer" and no token; this endpoint needs "Bearer <token>".'],
    ['Basic dTpw', 'The Authorization header has the scheme "Basic"; this endpoint needs "Bearer <token>".'],
    ['basic dTpw', 'The Authorization header has the scheme "Basic"; this endpoint needs "Bearer <token>".'],
    ['AccessKey k', 'The Authorization header has the scheme "AccessKey"; this endpoint needs "Bearer <token>".'],
    ['ApiKey p.s', 'The Authorization header has the scheme "ApiKey"; this endpoint needs "Bearer <token>".'],
    ['Bearer a b', 'The Authorization header has more than one token; this endpoint needs "Bearer <token>".'],
    [`Bearer Bearer ${TOKEN}`, 'The Authorization header has "Bearer" twice; this endpoint needs "Bearer <token>".'],
    ['non-token', 'The Authorization header has no scheme; this endpoint needs "Bearer <token>".'],
    ['hunter2 x', 'The Authorization header has an unknown scheme; this endpoint needs "Bearer <token>".'],
  ])('refuses %j and says what was sent', (header, detail) => {
    expect(refusal(header)).toMatchObject({ status: 401, detail });
  });

  it.each(['hunter2', 'hunter2 x', 'Basic hunter2', 'Bearer hunter2 hunter2'])(
    'never repeats the secret of %j',
    (header) => {
      expect(refusal(header).detail).not.toContain('hunter2');
    },
  );

  it('adds an error to the challenge only when a token was sent', () => {
    expect(refusal(undefined).headers).toEqual({ 'www-authenticate': 'Bearer realm="SCIM"' });
    expect(refusal('Bearer a b').headers).toEqual({ 'www-authenticate': 'Bearer realm="SCIM", error="invalid_token"' });
  });
});
