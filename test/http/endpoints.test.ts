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
  app.get('/custom/:endpoint', handler);
  app.patch('/custom/:endpoint/:id', handler);
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
    expect(mounted().methodsOf(path, ['/Devices'])).toEqual(methods);
  });

  it.each([
    ['/scim/v2/users', '/scim/v2/Users'],
    ['/SCIM/V2/USERS/AbC', '/scim/v2/Users/AbC'],
    ['/scim/v2/Groups', undefined],
    ['/custom/DEVICES/aB', '/custom/Devices/aB'],
    ['/custom/Robots', undefined],
  ])('spells %s as %s', (path, spelling) => {
    expect(mounted().otherCaseOf(path, ['/Devices'])).toBe(spelling);
  });
});
