import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { replay } from './replay.ts';
import type { Sequence, Step } from './sequence.ts';

const LIST = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';

/** A server that answers every request with an empty list and remembers what it was asked. */
let server: Server;
let asked: { message: IncomingMessage; body: string }[] = [];

beforeAll(async () => {
  server = createServer((message, response) => {
    const parts: Buffer[] = [];
    message.on('data', (part: Buffer) => parts.push(part));
    message.on('end', () => {
      asked.push({ message, body: Buffer.concat(parts).toString() });
      response.setHeader('Content-Type', 'application/scim+json');
      response.end(JSON.stringify({ schemas: [LIST], totalResults: 0, startIndex: 1, itemsPerPage: 0, Resources: [] }));
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
});

beforeEach(() => {
  asked = [];
});

afterAll(() => {
  server.close();
});

function run(...steps: Partial<Step>[]): Promise<void> {
  const request = { method: 'GET', path: '/Users', headers: {} } as const;
  const sequence: Sequence = {
    title: 't',
    source: 's',
    steps: steps.map((step) => ({ title: 'step', request, expect: { status: 200 }, ...step })),
  };
  const { port } = server.address() as AddressInfo;
  return replay(sequence, { baseUrl: `http://127.0.0.1:${port}/scim/v2`, token: 'secret', profile: 'rfc' });
}

describe('a replay', () => {
  test('sends path, headers and body as they stand, and no header of its own making', async () => {
    await run({
      request: {
        method: 'POST',
        path: '/Users?filter=userName%20eq+%22a@b%22&aadOptscim062020',
        headers: { Authorization: 'Bearer {{token}}', 'Content-Type': 'application/json' },
        body: { n: '{{n}}' },
      },
    });
    const [first] = asked;
    expect(first?.message.url).toBe('/scim/v2/Users?filter=userName%20eq+%22a@b%22&aadOptscim062020');
    expect(first?.message.headers).toEqual({
      authorization: 'Bearer secret',
      'content-type': 'application/json',
      'content-length': '9',
      connection: expect.any(String),
      host: expect.any(String),
    });
    expect(first?.body).toBe('{"n":"1"}');
  });

  test('repeats a step, counting', async () => {
    await run({ times: 3, request: { method: 'GET', path: '/Users/{{n}}', headers: {} } });
    expect(asked.map(({ message }) => message.url)).toEqual([
      '/scim/v2/Users/1',
      '/scim/v2/Users/2',
      '/scim/v2/Users/3',
    ]);
  });

  test('leaves out steps of other profiles', async () => {
    await run({ only: 'role-object', expect: { status: 500 } }, {});
    expect(asked).toHaveLength(1);
  });

  test('uses what a step has saved', async () => {
    await run(
      { save: { total: 'totalResults' } },
      { request: { method: 'GET', path: '/Users?startIndex={{total}}', headers: {} } },
    );
    expect(asked[1]?.message.url).toBe('/scim/v2/Users?startIndex=0');
  });

  test.each([
    ['another status', { expect: { status: 201 } }],
    ['another body', { expect: { body: { totalResults: 1 } } }],
    ['a missing header', { expect: { headers: { etag: { $type: 'string' } } } }],
    ['another state afterwards', { expect: { state: [{ path: '/Users', body: { totalResults: 1 } }] } }],
    ['another status afterwards', { expect: { state: [{ path: '/Users', status: 404 }] } }],
    ['what the profile shows otherwise', { under: { rfc: { body: { totalResults: 1 } } } }],
    ['the status of the profile', { under: { rfc: { status: 204 } } }],
    ['a slow answer', { expect: { within: -1 } }],
    ['nothing to save', { save: { id: 'Resources.0.id' } }],
    ['a name that nothing has saved', { request: { method: 'GET', path: '/Users/{{id}}', headers: {} } }],
  ] as [string, Partial<Step>][])('fails at %s', async (_, step) => {
    await expect(run(step)).rejects.toThrow();
  });
});
