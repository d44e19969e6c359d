import { describe, expect, it } from 'vitest';
import { invalidClient, OAuthError } from '../../../src/access/oauth/errors.ts';

describe('an error of the token endpoint', () => {
  it('holds what RFC 6749 §5.2 lets it hold, and its reason apart', () => {
    const error = new OAuthError('invalid_request', 'say "x"\\é\n');
    expect(error.description).toBe("say 'x''''");
    expect(invalidClient('because').description).not.toContain('because');
  });
});
