import fastify from 'fastify';
import { describe, expect, it } from 'vitest';
import { watchEndpoints } from '../../src/http/endpoints.ts';

function mounted() {
  const app = fastify();
  const endpoints = watchEndpoints(app);
  const handler = async () => '';
  app.get('/scim/v2/Users', handler);
  app.post('/scim/v2/Users', handler);
  app.get('/scim/v2/Users/:id', handler);
  app.delete('/scim/v2/Users/:id', handler);
  app.post('/t/:tenant/scim/v2/Users', handler);
  app.get('/scim/v2/Roles', { config: { feature: 'roles-and-entitlements' } }, handler);
  return endpoints;
}

describe('watchEndpoints', () => {
  it.each([
    ['/scim/v2/Users', ['GET', 'HEAD', 'POST']],
    ['/scim/v2/Users/', ['GET', 'HEAD', 'POST']],
    ['/scim//v2/Users', ['GET', 'HEAD', 'POST']],
    ['/scim/v2/Users/1', ['GET', 'HEAD', 'DELETE']],
    ['/t/acme/scim/v2/Users', ['POST']],
    ['/scim/v2/users', []],
    ['/scim/v2/Users/1/2', []],
    ['/', []],
  ])('knows the methods of %s', (path, methods) => {
    expect(mounted().methodsOf(path)).toEqual(methods);
  });

  it('knows those of a feature only where that is on', () => {
    const on = new Set(['roles-and-entitlements'] as const);
    const off = new Set(['group-memberships'] as const);
    expect([undefined, off, on].map((features) => mounted().methodsOf('/scim/v2/Roles', features))).toEqual([
      [],
      [],
      ['GET', 'HEAD'],
    ]);
    expect([undefined, off, on].map((features) => mounted().otherCaseOf('/scim/v2/roles', features))).toEqual([
      undefined,
      undefined,
      '/scim/v2/Roles',
    ]);
  });

  it.each([
    ['/scim/v2/users', '/scim/v2/Users'],
    ['/SCIM/V2/USERS/AbC', '/scim/v2/Users/AbC'],
    ['/scim/v2/Groups', undefined],
  ])('spells %s as %s', (path, spelling) => {
    expect(mounted().otherCaseOf(path)).toBe(spelling);
  });
});
