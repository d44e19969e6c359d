import { describe, expect, it } from 'vitest';
import { isScope, requireScope, SCOPES } from '../../src/access/scopes.ts';
import { SCIM_SURFACE } from '../../src/access/surfaces.ts';
import type { Credential } from '../../src/storage/credentials.ts';

function credential(scopes: string[]): Credential {
  return {
    tenantId: '01980000-0000-7000-8000-000000000000',
    id: '01980000-0000-7000-8000-000000000001',
    scheme: 'bearer',
    prefix: 'abcd1234',
    scopes,
    label: null,
    userId: null,
    kind: 'organization' as const,
    roles: [],
    groupId: null,
    createdAt: new Date(0),
    expiresAt: null,
    revokedAt: null,
    lastUsedAt: null,
    allowedIps: null,
    rotatedTo: null,
  };
}

describe('requireScope', () => {
  it('lets a credential through that has the scope', () => {
    for (const scope of SCOPES) expect(() => requireScope(credential([...SCOPES]), scope, SCIM_SURFACE)).not.toThrow();
  });

  it.each([
    [['scim:read'], 'The credential abcd1234 has the scopes "scim:read"; this needs "scim:write".'],
    [['admin'], 'The credential abcd1234 has the scopes "admin"; this needs "scim:write".'],
    [[], 'The credential abcd1234 has the scopes none; this needs "scim:write".'],
  ])('says what %j lacks', (scopes, detail) => {
    expect(() => requireScope(credential(scopes), 'scim:write', SCIM_SURFACE)).toThrow(
      expect.objectContaining({
        status: 403,
        detail,
        headers: { 'www-authenticate': 'Bearer realm="SCIM", error="insufficient_scope", scope="scim:write"' },
      }),
    );
  });
});

describe('isScope', () => {
  it('knows the scopes by their exact names', () => {
    expect(['scim:read', 'scim:write', 'admin'].every(isScope)).toBe(true);
    expect(['SCIM:read', 'read', '', 'scim:*'].some(isScope)).toBe(false);
  });
});
