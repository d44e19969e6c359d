import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHostRules } from '../../../src/access/oauth/host-rules.ts';
import { createFetchJson, MAX_DOCUMENT_BYTES } from '../../../src/access/oauth/remote-json.ts';
import { type KeyServer, startKeyServer } from '../../support/oauth.ts';

describe('fetching a document', () => {
  let server: KeyServer;
  let elsewhere: KeyServer;
  beforeAll(async () => {
    server = await startKeyServer([]);
    elsewhere = await startKeyServer([]);
  });
  afterAll(async () => {
    await server.close();
    await elsewhere.close();
  });
  const fetching = (timeoutMs?: number) => {
    server.requests = [];
    return createFetchJson(createHostRules({ privateHosts: server.host }), timeoutMs);
  };
  const padded = (bytes: number) => `{"a":"${'x'.repeat(bytes - 8)}"}`;

  it('gives an object', async () => {
    server.answer = (_, response) => response.end('{"keys":[]}');
    expect(await fetching()(`${server.origin}/keys`)).toEqual({ keys: [] });
  });

  it.each([301, 302, 303, 307, 308])('follows no redirect (%i)', async (status) => {
    elsewhere.requests = [];
    server.answer = (_, response) => response.writeHead(status, { location: `${elsewhere.origin}/keys` }).end('{}');
    await expect(fetching()(`${server.origin}/keys`)).rejects.toThrow(`status ${status}`);
    expect([server.requests.length, elsewhere.requests.length]).toEqual([1, 0]);
  });

  it('takes as many bytes as the limit and not one more', async () => {
    server.answer = (_, response) => response.end(padded(MAX_DOCUMENT_BYTES));
    expect(Object.keys(await fetching()(`${server.origin}/keys`))).toEqual(['a']);
    server.answer = (_, response) => response.end(padded(MAX_DOCUMENT_BYTES + 1));
    await expect(fetching()(`${server.origin}/keys`)).rejects.toThrow('bytes');
  });

  it('does not wait for what never ends', async () => {
    server.answer = (_, response) => {
      response.writeHead(200);
      response.write('{');
    };
    await expect(fetching(50)(`${server.origin}/keys`)).rejects.toThrow(/abort|timeout/i);
    server.answer = () => {};
    await expect(fetching(50)(`${server.origin}/keys`)).rejects.toThrow(/abort|timeout/i);
  });

  it.each(['[]', 'null', '"x"', '', '<html>', '\ufffe'])('refuses %j', async (text) => {
    server.answer = (_, response) => response.end(text);
    await expect(fetching()(`${server.origin}/keys`)).rejects.toThrow();
  });

  it('asks no host that is not listed', async () => {
    elsewhere.requests = [];
    await expect(fetching()(`${elsewhere.origin}/keys`)).rejects.toThrow('not https');
    expect(elsewhere.requests).toEqual([]);
  });

  it('connects to no private address that a public host’s name has', async () => {
    // A name of this machine stands for one whose owner points it there.
    const port = server.host.split(':')[1];
    const rules = createHostRules({ hosts: `localhost:${port}` });
    server.requests = [];
    await expect(createFetchJson(rules)(`https://localhost:${port}/keys`)).rejects.toThrow('not public');
    expect(server.requests).toEqual([]);
  });
});
