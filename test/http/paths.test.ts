import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ERROR } from '../../src/schema/urns.ts';
import { send, startEmbeddedApp, type TestApp } from '../support/app.ts';
import { shows } from '../support/conformance.ts';

let app: TestApp;

beforeAll(async () => {
  app = await startEmbeddedApp();
});
afterAll(() => app.close());

const get = (path: string) => app.request('GET', path);

const ENDPOINTS = "/scim/v2/ResourceTypes lists those that this tenant's resources have.";

describe('paths', () => {
  it.each(['/Users', '/Users/', '/Users?count=1', '/Users/?count=1', '//Users', '/Users//'])(
    'serves %s',
    async (path) => {
      expect((await get(path)).status).toBe(200);
    },
  );

  it.each([
    ['/users', 'There is no endpoint /scim/v2/users: paths are case-sensitive, send /scim/v2/Users.'],
    ['/Nothing', `There is no endpoint /scim/v2/Nothing; ${ENDPOINTS}`],
    ['/Users/a/b', `There is no endpoint /scim/v2/Users/a/b; ${ENDPOINTS}`],
  ])('answers 404 for %s and says why', shows('7644-3.12-7', '7644-3.12-3'), async (path, detail) => {
    const answer = await get(path);
    expect(answer.status).toBe(404);
    expect(answer.headers.get('content-type')).toBe('application/scim+json');
    expect(answer.body).toEqual({ schemas: [ERROR], status: '404', detail });
  });

  it.each([
    ['/scim/v1/Users', 400, 'This server speaks SCIM 2.0; its base path is /scim/v2.'],
    ['/t/acme/scim/v3/Users', 400, 'This server speaks SCIM 2.0; its base path is /scim/v2.'],
    ['/scim/Users', 404, 'There is no endpoint /scim/Users; SCIM is served below /scim/v2.'],
    ['/Users', 404, 'There is no endpoint /Users; SCIM is served below /scim/v2.'],
    ['/', 404, 'There is no endpoint /; SCIM is served below /scim/v2.'],
  ])('answers %s outside the base path with %i', shows('7644-3.13-2', '7644-3.13-3'), async (path, status, detail) => {
    const answer = await send(`${app.origin}${path}`, 'GET', undefined);
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ schemas: [ERROR], status: String(status), detail });
    expect(answer.body.scimType).toBe(status === 400 ? 'invalidVers' : undefined);
  });

  it('tells who has no credential nothing about what there is', shows('7644-2.2-1'), async () => {
    for (const path of [
      '/Users',
      '/Nothing',
      '/Users/1',
      '/ServiceProviderConfig',
      '/Schemas',
      '/Bulk',
      '',
      '/users',
    ]) {
      for (const base of [app.url, `${app.origin}/t/nobody/scim/v2`]) {
        expect((await send(`${base}${path}`, 'GET', undefined)).status, path).toBe(401);
        expect((await send(`${base}${path}`, 'PURGE', undefined)).status, path).toBe(401);
      }
    }
  });
});

describe('addresses', () => {
  it.each([
    ['a word', 'nobody'],
    ['digits', '010101001010101011001010101011'],
    ['an id that was never issued', '00000000-0000-7000-8000-000000000000'],
    ['an id in upper case', 'ABCDEF00-0000-7000-8000-000000000000'],
    ['NUL', '%00'],
    ['an id and NUL', '00000000-0000-7000-8000-000000000000%00'],
    ['an encoded slash', '..%2f..%2fetc%2fpasswd'],
    ['a quote', "'%20or%201=1--"],
    ['a percent sign', '%25'],
    ['101 characters', 'x'.repeat(101)],
    ['8,000 characters', 'x'.repeat(8000)],
    ['9,000 characters', 'x'.repeat(9000)],
    ['500 characters of three bytes', encodeURIComponent('王'.repeat(500))],
    ['a name of the prototype', '__proto__'],
    ['constructor', 'constructor'],
  ])('answers 404 for %s', shows('7644-3.12-7'), async (_, address) => {
    for (const path of [`/Users/${address}`, `/Groups/${address}`]) {
      const answer = await get(path);
      expect(answer.status).toBe(404);
      expect(answer.headers.get('content-type')).toBe('application/scim+json');
      expect(answer.body).toMatchObject({ schemas: [ERROR], status: '404', detail: expect.stringMatching(/./) });
      expect((await app.request('DELETE', path)).status).toBe(404);
    }
  });

  it.each(['%', '%zz', '%e0%a4%a', '%ff', '%c0%ae'])('answers 400 for the bad percent-encoding %s', async (address) => {
    const answer = await get(`/Users/${address}`);
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toBe('application/scim+json');
    expect(answer.body).toEqual({
      schemas: [ERROR],
      status: '400',
      detail: 'The path has a percent sign that begins no percent-encoded UTF-8; write it as %25.',
    });
  });
});

describe('methods', () => {
  it.each([
    ['PUT', '/Users', 'GET, HEAD, POST'],
    ['DELETE', '/Users', 'GET, HEAD, POST'],
    ['PATCH', '/Groups', 'GET, HEAD, POST'],
    ['POST', '/Users/1', 'GET, HEAD, PUT, PATCH, DELETE'],
    ['POST', '/ServiceProviderConfig', 'GET, HEAD'],
    ['DELETE', '/Schemas/urn:x', 'GET, HEAD'],
    ['PUT', '/ResourceTypes', 'GET, HEAD'],
    ['GET', '/Bulk', 'POST'],
    ['OPTIONS', '/Users', 'GET, HEAD, POST'],
    ['PROPFIND', '/Users', 'GET, HEAD, POST'],
  ])('answers %s of %s with 405 and what the path takes', shows('7644-3.12-1'), async (method, path, allow) => {
    const answer = await app.request(method, path);
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe(allow);
    expect(answer.headers.get('content-type')).toBe('application/scim+json');
    expect(answer.body).toEqual({
      schemas: [ERROR],
      status: '405',
      detail: `${method} is not possible here; the path takes ${allow}.`,
    });
  });

  it('answers 405 outside the base path too', async () => {
    const answer = await send(`${app.origin}/healthz`, 'POST', undefined, {});
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('GET, HEAD');
  });

  it('answers HEAD as GET without the body', async () => {
    for (const path of ['/Users', '/ServiceProviderConfig', '/Users/nobody']) {
      const [head, full] = [await app.request('HEAD', path), await get(path)];
      expect(head.status).toBe(full.status);
      expect(head.text).toBe('');
      for (const name of ['content-type', 'content-length', 'etag']) {
        expect(head.headers.get(name), `${path} ${name}`).toBe(full.headers.get(name));
      }
    }
  });
});

describe('query parameters', () => {
  it.each(['filter', 'sortBy', 'sortOrder', 'startIndex', 'count', 'attributes', 'excludedAttributes'])(
    'refuses %s when it is repeated',
    async (name) => {
      const answer = await get(`/Users?${name}=1&${name}=1`);
      expect(answer.status).toBe(400);
      expect(answer.body).toEqual({
        schemas: [ERROR],
        status: '400',
        scimType: 'invalidValue',
        detail: `The parameter ${name} was sent more than once; send it once.`,
      });
    },
  );

  it.each(['attributes', 'excludedAttributes'])('refuses a repeated %s on one resource and on writes', async (name) => {
    const query = `?${name}=id&${name}=id`;
    for (const [method, path] of [
      ['GET', '/Users/x'],
      ['PUT', '/Users/x'],
      ['PATCH', '/Users/x'],
      ['POST', '/Users'],
    ] as const) {
      const answer = await app.request(method, `${path}${query}`, method === 'GET' ? undefined : {});
      expect(answer.status, method).toBe(400);
      expect(answer.body.scimType).toBe('invalidValue');
    }
  });

  it.each(['?aadOptscim062020', '?unknown=1&unknown=2', '?Filter=x', '?', '?&&', '?__proto__=1', '?%ff=%zz'])(
    'ignores what it does not know: %s',
    shows('7644-3.4.2-2'),
    async (query) => {
      expect((await get(`/Users${query}`)).status).toBe(200);
    },
  );

  it.each([
    ['count=abc', 'count'],
    ['count=1.5', 'count'],
    ['startIndex=99999999999999999999', 'startIndex'],
  ])('refuses %s and names the parameter', async (query, name) => {
    const answer = await get(`/Users?${query}`);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ scimType: 'invalidValue', detail: expect.stringContaining(name) });
  });

  it('bears negative numbers', shows('7644-3.4.2.4-1', '7644-3.4.2.4-2'), async () => {
    const answer = await get('/Users?startIndex=-5&count=-1');
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ startIndex: 1, itemsPerPage: 0, Resources: [] });
  });

  it('reads + as a space', async () => {
    expect((await get('/Users?filter=userName+eq+%22nobody%22')).body).toMatchObject({ totalResults: 0 });
  });

  it('refuses an empty filter instead of listing everybody', shows('7644-3.4.2.2-3'), async () => {
    const answer = await get('/Users?filter=');
    expect(answer.status).toBe(400);
    expect(answer.body.scimType).toBe('invalidFilter');
  });

  it('refuses bad percent-encoding in a filter as a filter', async () => {
    const answer = await get('/Users?filter=%zz');
    expect(answer.status).toBe(400);
    expect(answer.body.scimType).toBe('invalidFilter');
  });

  it('takes a filter far longer than a path part', async () => {
    const filter = `userName eq "${'%E7%8E%8B'.repeat(8178)}"`.replaceAll(' ', '%20');
    expect((await get(`/Users?filter=${filter}`)).status).toBe(200);
  });
});
