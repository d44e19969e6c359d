import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { type Child, run, start } from '../support/child.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'rollcall-stop-'));
const environment = { DATA_DIR: path.join(folder, 'data'), PORT: '0' };
afterAll(() => rmSync(folder, { recursive: true }));

/** A POST whose body is sent in two parts, so that it is under way for as long as the test wants. */
function slowPost(port: number, token: string, body: string) {
  const outgoing = request({
    port,
    host: '127.0.0.1',
    method: 'POST',
    path: '/scim/v2/Users',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/scim+json',
      'content-length': Buffer.byteLength(body),
    },
  });
  const status = new Promise<number | undefined>((resolve, reject) => {
    outgoing.on('error', reject).on('response', (response) => {
      response.resume().on('end', () => resolve(response.statusCode));
    });
  });
  outgoing.write(body.slice(0, 10));
  return { status, finish: () => outgoing.end(body.slice(10)) };
}

async function refusesConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => resolve(false)).on('error', () => resolve(true));
    socket.on('connect', () => socket.destroy());
  });
}

async function portOf(server: Child): Promise<number> {
  const [, port] = await server.prints(/Rollcall serves http:\/\/localhost:(\d+)\//);
  return Number(port);
}

describe('a server that is told to stop', () => {
  let token = '';

  it.each(['SIGTERM', 'SIGINT'] as const)('by %s, twice at once, finishes what is under way', async (signal) => {
    const server = start(['serve'], environment);
    const port = await portOf(server);
    const userName = `user-${signal}`;
    // Only the first start prints it.
    token ||= (await server.prints(/^role-object .*(rc\.\S+)$/m))[1] ?? '';
    const body = JSON.stringify({ schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName });
    const post = slowPost(port, token, body);
    await wait(300);
    server.process.kill(signal);
    server.process.kill(signal);
    while (!(await refusesConnections(port))) await wait(20);
    post.finish();
    expect(await post.status).toBe(201);
    const { code, err } = await server.ended;
    expect(code).toBe(0);
    expect(err).toContain('"msg":"stopping"');
    expect(err).not.toContain(token);
    // The database was closed and the folder given back: a command can have it, and the user is there.
    const set = await run(['owner', 'set', 'role-object', userName, '--json'], environment);
    expect(JSON.parse(set.out).tenant.owner.userName).toBe(userName);
  });
});
