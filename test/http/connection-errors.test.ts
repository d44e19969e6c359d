import type { Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerBrokenConnection } from '../../src/http/connection-errors.ts';
import { ERROR } from '../../src/schema/urns.ts';
import { startEmbeddedApp, type TestApp } from '../support/app.ts';
import { exchange, parseAnswer } from './raw.ts';

let app: TestApp;

beforeAll(async () => {
  app = await startEmbeddedApp();
});
afterAll(() => app.close());

it('answers a request without a Host, which its URIs would need, in SCIM', async () => {
  const head = `GET /scim/v2/Users HTTP/1.1\r\nAuthorization: Bearer ${app.token}\r\nConnection: close\r\n\r\n`;
  const answer = parseAnswer(await exchange(app.origin, head));
  expect(answer.status).toBe(400);
  expect(JSON.parse(answer.body)).toMatchObject({ schemas: [ERROR], detail: expect.stringContaining('Host') });
});

describe('what never becomes a request', () => {
  it.each([
    ['text', 'hello\r\n\r\n', 400],
    ['a method that there is not', 'FROB /scim/v2/Users HTTP/1.1\r\nHost: h\r\n\r\n', 400],
    ['a header without a colon', 'GET /scim/v2/Users HTTP/1.1\r\nHost h\r\n\r\n', 400],
    ['a header with a bare line break', 'GET / HTTP/1.1\r\nHost: h\r\nX: a\nY\r\n\r\n', 400],
    ['two lengths', 'POST /scim/v2/Users HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n', 400],
    [
      'a length and chunks',
      'POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n',
      400,
    ],
    ['headers beyond any use', `GET / HTTP/1.1\r\nHost: h\r\nX: ${'x'.repeat(100_000)}\r\n\r\n`, 431],
    ['a filter beyond any use', `GET /scim/v2/Users?filter=${'x'.repeat(100_000)} HTTP/1.1\r\nHost: h\r\n\r\n`, 431],
  ])('is answered in SCIM and closed: %s', async (_, text, status) => {
    const answer = parseAnswer(await exchange(app.origin, text));
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('application/scim+json');
    expect(answer.headers.get('connection')).toBe('close');
    expect(answer.headers.get('content-length')).toBe(String(Buffer.byteLength(answer.body)));
    expect(JSON.parse(answer.body)).toEqual({
      schemas: [ERROR],
      status: String(status),
      detail: expect.stringMatching(/\.$/),
    });
  });

  it('is answered 408 when it does not arrive in time', async () => {
    const written: string[] = [];
    const socket = { writable: true, end: (text: string) => written.push(text) } as unknown as Socket;
    answerBrokenConnection({ code: 'ERR_HTTP_REQUEST_TIMEOUT' }, socket);
    const answer = parseAnswer(written.join(''));
    expect(answer.status).toBe(408);
    expect(JSON.parse(answer.body)).toMatchObject({ schemas: [ERROR], status: '408' });
  });

  it('harms nobody else', async () => {
    await exchange(app.origin, 'hello\r\n\r\n');
    expect((await app.request('GET', '/Users')).status).toBe(200);
  });
});

describe('the Host header', () => {
  it.each(['a b', 'evil.example/path', 'h@evil.example', '"><script>', 'h:123456', '[::1', 'ü'])(
    'is refused when it is no host: %j',
    async (host) => {
      const request = `GET /scim/v2/Users HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${app.token}\r\nConnection: close\r\n\r\n`;
      const answer = parseAnswer(await exchange(app.origin, request));
      expect(answer.status).toBe(400);
      expect(JSON.parse(answer.body)).toMatchObject({ schemas: [ERROR], status: '400' });
      expect(answer.body).not.toContain(host);
    },
  );

  it.each([
    ['two of them', 'Host: a\r\nHost: b\r\n'],
    ['the same twice', 'Host: a\r\nhost: a\r\n'],
    ['none in HTTP/1.1', ''],
    ['no host name', 'Host: a b\r\n'],
  ])('is refused also where no URI is made of it: %s', async (_, lines) => {
    const answer = parseAnswer(
      await exchange(app.origin, `GET /healthz HTTP/1.1\r\n${lines}Connection: close\r\n\r\n`),
    );
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body)).toEqual({
      schemas: [ERROR],
      status: '400',
      detail: expect.stringContaining('Host header'),
    });
  });

  it('may be missing in the probe of a balancer that speaks HTTP/1.0', async () => {
    expect(parseAnswer(await exchange(app.origin, 'GET /healthz HTTP/1.0\r\n\r\n')).status).toBe(200);
  });

  it('is refused when it is missing', async () => {
    const request = `GET /scim/v2/Users HTTP/1.0\r\nAuthorization: Bearer ${app.token}\r\n\r\n`;
    expect(parseAnswer(await exchange(app.origin, request)).status).toBe(400);
  });

  it.each(['scim.example.com', 'scim.example.com:8443', '127.0.0.1:80', '[::1]:8080', 'under_score.example'])(
    'is the host of every URI that is handed out: %s',
    async (host) => {
      const request = `GET /scim/v2/ServiceProviderConfig HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${app.token}\r\nConnection: close\r\n\r\n`;
      const { body } = parseAnswer(await exchange(app.origin, request));
      expect(JSON.parse(body).meta.location).toBe(`http://${host}/scim/v2/ServiceProviderConfig`);
    },
  );
});

describe('what HTTP has and this server does not', () => {
  const answered = async (text: string) => {
    const answer = parseAnswer(await exchange(app.origin, text));
    expect(answer.headers.get('content-type')).toBe('application/scim+json');
    expect(JSON.parse(answer.body)).toEqual({
      schemas: [ERROR],
      status: String(answer.status),
      detail: expect.stringMatching(/\.$/),
    });
    return answer;
  };

  it('answers an expectation other than 100-continue in SCIM', async () => {
    const head = 'POST /scim/v2/Users HTTP/1.1\r\nHost: h\r\nExpect: foo\r\nConnection: close\r\n';
    expect((await answered(`${head}Content-Length: 2\r\n\r\n{}`)).status).toBe(417);
  });

  it('answers 100-continue with 100, then the request', async () => {
    const head = `POST /scim/v2/Users HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nConnection: close\r\n`;
    const answer = await exchange(app.origin, `${head}Content-Length: 2\r\n\r\n{}`);
    expect(answer).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 401 /);
  });

  it.each(['example.com:443', '/scim/v2/Users'])('answers CONNECT %s in SCIM and closes', async (target) => {
    const answer = await answered(`CONNECT ${target} HTTP/1.1\r\nHost: h\r\n\r\n`);
    expect(answer.status).toBe(501);
    expect(answer.headers.get('connection')).toBe('close');
  });
});
