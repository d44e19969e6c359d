import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAX_BODY_BYTES, MAX_JSON_DEPTH } from '../../src/protocol/limits.ts';
import { ERROR, USER_SCHEMA } from '../../src/schema/urns.ts';
import { send, startEmbeddedApp, type TestApp } from '../support/app.ts';
import { shows } from '../support/conformance.ts';
import { exchange, parseAnswer } from './raw.ts';

let app: TestApp;
let number = 0;

beforeAll(async () => {
  app = await startEmbeddedApp();
});
afterAll(() => app.close());

const user = (more: object = {}) => ({ schemas: [USER_SCHEMA], userName: `user-${++number}`, ...more });

describe('media types', () => {
  it.each([
    'application/scim+json',
    'application/json',
    'application/scim+json; charset=utf-8',
    'application/json;charset=UTF-8',
    'Application/JSON ; charset="utf-8"',
    'application/scim+json; version=2; charset=utf-8',
    'application/scim+json; charset=UTF8',
    'application/json; Charset="utf-8"',
    'application/json; charset=',
  ])('takes a body as %s', shows('7644-3.8-3'), async (type) => {
    const answer = await app.request('POST', '/Users', user(), { 'content-type': type });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('content-type')).toBe('application/scim+json');
  });

  it.each(['text/plain', 'application/xml', 'application/x-www-form-urlencoded', 'application/vnd.api+json', 'json'])(
    'refuses a body as %s and says what to send',
    shows('7644-3.8-3'),
    async (type) => {
      const answer = await app.request('POST', '/Users', user(), { 'content-type': type });
      expect(answer.status).toBe(415);
      expect(answer.headers.get('content-type')).toBe('application/scim+json');
      expect(answer.body).toEqual({
        schemas: [ERROR],
        status: '415',
        detail: `The body has the Content-Type "${type}"; send application/scim+json or application/json.`,
      });
    },
  );

  it.each([
    ['application/scim+json; charset=iso-8859-1', 'iso-8859-1'],
    ['application/json;version=2;CHARSET="UTF-16"', 'UTF-16'],
    ['application/json; charset=utf-7', 'utf-7'],
  ])('refuses a body in another charset: %s', async (type, charset) => {
    const answer = await app.request('POST', '/Users', user(), { 'content-type': type });
    expect(answer.status).toBe(415);
    expect(answer.body).toEqual({
      schemas: [ERROR],
      status: '415',
      detail: `The body has the charset "${charset}"; send it in utf-8, with charset=utf-8 or without charset.`,
    });
  });

  it('refuses a body without a media type', async () => {
    const body = JSON.stringify(user());
    const answer = parseAnswer(
      await exchange(
        app.origin,
        `POST /scim/v2/Users HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer ${app.token}\r\nConnection: close\r\n`,
        `Content-Length: ${body.length}\r\n\r\n${body}`,
      ),
    );
    expect(answer.status).toBe(415);
    expect(JSON.parse(answer.body)).toMatchObject({
      status: '415',
      detail: expect.stringContaining('no Content-Type'),
    });
  });

  it.each([undefined, '*/*', 'application/json', 'application/scim+json; charset=utf-8', 'text/html'])(
    'answers SCIM whatever the client accepts: %s',
    shows('7644-3.8-4', '7644-3.8-5', '7644-8.1-1'),
    async (accept) => {
      const answer = await app.request('GET', '/Users', undefined, { accept });
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toBe('application/scim+json');
    },
  );

  it('answers a client that names no User-Agent', async () => {
    const head = `GET /scim/v2/Users HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer ${app.token}\r\nConnection: close\r\n\r\n`;
    expect(parseAnswer(await exchange(app.origin, head)).status).toBe(200);
  });
});

describe('requests without a body', () => {
  it.each(['application/scim+json; charset=utf-8', 'application/json', 'text/plain', 'nonsense'])(
    'ignores a Content-Type on GET and DELETE: %s',
    async (type) => {
      const headers = { 'content-type': type };
      const { id } = (await app.request('POST', '/Users', user())).body;
      expect((await app.request('GET', `/Users/${id}`, undefined, headers)).status).toBe(200);
      const deleted = await app.request('DELETE', `/Users/${id}`, undefined, headers);
      expect(deleted.status).toBe(204);
      expect(deleted.text).toBe('');
      expect(deleted.headers.get('content-type')).toBeNull();
    },
  );

  it('takes an empty chunked body on DELETE', async () => {
    const { id } = (await app.request('POST', '/Users', user())).body;
    const answer = await exchange(
      app.origin,
      `DELETE /scim/v2/Users/${id} HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer ${app.token}\r\nConnection: close\r\n`,
      'Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    );
    expect(parseAnswer(answer).status).toBe(204);
  });

  it.each([
    ['POST', '/Users', 'a User'],
    ['PUT', '/Users/x', 'the whole User'],
    ['PATCH', '/Users/x', 'a PatchOp message'],
  ])('asks for the body that %s needs', async (method, path, wanted) => {
    const answer = await app.request(method, path, undefined, { 'content-type': 'application/scim+json' });
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({
      scimType: 'invalidSyntax',
      detail: `The request has no body; send ${wanted}.`,
    });
  });
});

describe('bodies', () => {
  it.each([
    ['not JSON', '{"a":', 'not JSON'],
    ['text', 'hello', 'not JSON'],
    ['a key __proto__', '{"__proto__":{"a":1}}', '__proto__'],
    ['nested too deep', '['.repeat(MAX_JSON_DEPTH + 1) + ']'.repeat(MAX_JSON_DEPTH + 1), 'levels deep'],
    ['nested 20,000 deep', '['.repeat(20_000) + ']'.repeat(20_000), 'levels deep'],
  ])('refuses a body that is %s', shows('7644-3.12-4', '7644-3.12-24'), async (_, body, detail) => {
    const answer = await app.request('POST', '/Users', body);
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toBe('application/scim+json');
    expect(answer.body).toMatchObject({ scimType: 'invalidSyntax', detail: expect.stringContaining(detail) });
  });

  it('refuses what is not UTF-8', shows('7643-2.3.1-1', '7644-3.8-2'), async () => {
    const latin1 = Buffer.from(JSON.stringify(user({ displayName: 'Müller' })), 'latin1');
    const answer = parseAnswer(
      await exchange(
        app.origin,
        `POST /scim/v2/Users HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer ${app.token}\r\nConnection: close\r\n`,
        `Content-Type: application/json\r\nContent-Length: ${latin1.length}\r\n\r\n`,
        latin1,
      ),
    );
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body)).toMatchObject({
      scimType: 'invalidSyntax',
      detail: expect.stringContaining('UTF-8'),
    });
  });

  it(
    'bears a byte order mark, duplicate keys and text of any script',
    shows('7643-2.3.1-1', '7644-3.8-1'),
    async () => {
      const body = `\ufeff{"schemas":["${USER_SCHEMA}"],"userName":"lost","userName":"王-${++number}","displayName":"Łódź 🎉"}`;
      const answer = await app.request('POST', '/Users', body);
      expect(answer.status).toBe(201);
      expect(answer.body).toMatchObject({ userName: `王-${number}`, displayName: 'Łódź 🎉' });
    },
  );

  it('refuses a compressed body and says so', async () => {
    const answer = await app.request('POST', '/Users', user(), { 'content-encoding': 'gzip' });
    expect(answer.status).toBe(415);
    expect(answer.body.detail).toBe('The body has the Content-Encoding "gzip"; send it as it is.');
  });

  it('keeps attributes that no response schema of the framework would know', async () => {
    const urn = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
    const body = user({ schemas: [USER_SCHEMA, urn], [urn]: { department: 'Sales' } });
    const created = await app.request('POST', '/Users', body);
    expect(created.body[urn]).toEqual({ department: 'Sales' });
  });
});

describe('the size of a body', () => {
  const padded = (bytes: number) => {
    const text = JSON.stringify(user());
    return text + ' '.repeat(bytes - Buffer.byteLength(text));
  };

  it('takes one of exactly the limit', async () => {
    expect((await app.request('POST', '/Users', padded(MAX_BODY_BYTES))).status).toBe(201);
  });

  it('refuses one byte more and names the limit', shows('7644-3.12-10'), async () => {
    const answer = await app.request('POST', '/Users', padded(MAX_BODY_BYTES + 1));
    expect(answer.status).toBe(413);
    expect(answer.headers.get('content-type')).toBe('application/scim+json');
    expect(answer.body).toEqual({
      schemas: [ERROR],
      status: '413',
      detail: `The body is larger than the maxPayloadSize of ${MAX_BODY_BYTES} bytes; send it in parts.`,
    });
  });

  it('refuses before it reads when there is no credential', async () => {
    const answer = await send(`${app.url}/Users`, 'POST', undefined, padded(MAX_BODY_BYTES + 1));
    expect(answer.status).toBe(401);
  });

  it('counts a chunked body too', async () => {
    const chunk = `10000\r\n${' '.repeat(0x10000)}\r\n`;
    const answer = await exchange(
      app.origin,
      `POST /scim/v2/Users HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer ${app.token}\r\nConnection: close\r\n`,
      'Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n',
      chunk.repeat(MAX_BODY_BYTES / 0x10000),
      '1\r\n \r\n0\r\n\r\n',
    );
    expect(parseAnswer(answer).status).toBe(413);
  });
});
