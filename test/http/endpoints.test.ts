import fastify from 'fastify';
import { describe, expect, it } from 'vitest';
import { watchEndpoints } from '../../src/http/endpoints.ts';

const devices = { endpoints: ['/Devices'], features: new Set<never>() };

function mounted() {
  const app = fastify();
  const endpoints = watchEndpoints(app);
  const handler = async () => '';
  app.get('/scim/v2/Users', handler);
  app.post('/scim/v2/Users', handler);
  app.get('/scim/v2/Users/:id', handler);
  app.delete('/scim/v2/Users/:id', handler);
  app.post('/t/:tenant/scim/v2/Users', handler);
  app.get('/custom/:endpoint', handler);
  app.patch('/custom/:endpoint/:id', handler);
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
    ['/custom/Devices', ['GET', 'HEAD']],
    ['/custom/Devices/1', ['PATCH']],
    ['/custom/devices', []],
    ['/custom/Robots', []],
  ])('knows the methods of %s', (path, methods) => {
    expect(mounted().methodsOf(path, devices)).toEqual(methods);
  });

  it('knows those of a feature only where that is on', () => {
    const on = { endpoints: [], features: new Set(['roles-and-entitlements'] as const) };
    const off = { endpoints: [], features: new Set(['group-memberships'] as const) };
    expect([undefined, off, on].map((offered) => mounted().methodsOf('/scim/v2/Roles', offered))).toEqual([
      [],
      [],
      ['GET', 'HEAD'],
    ]);
    expect([undefined, off, on].map((offered) => mounted().otherCaseOf('/scim/v2/roles', offered))).toEqual([
      undefined,
      undefined,
      '/scim/v2/Roles',
    ]);
  });

  it.each([
    ['/scim/v2/users', '/scim/v2/Users'],
    ['/SCIM/V2/USERS/AbC', '/scim/v2/Users/AbC'],
    ['/scim/v2/Groups', undefined],
    ['/custom/DEVICES/aB', '/custom/Devices/aB'],
    ['/custom/Robots', undefined],
  ])('spells %s as %s', (path, spelling) => {
    expect(mounted().otherCaseOf(path, devices)).toBe(spelling);
  });
});
