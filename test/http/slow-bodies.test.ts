import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { CREDENTIAL_CACHE_SECONDS } from '../../src/access/authenticate.ts';
import { parseToken } from '../../src/access/token.ts';
import { revokeCredential } from '../../src/directory/credentials.ts';
import { COMMAND_LINE } from '../../src/directory/operator.ts';
import { registerSchema } from '../../src/directory/schemas.ts';
import { startEmbeddedApp, type TestApp, type TestTenant } from '../support/app.ts';
import { BADGE, BADGE_URN } from '../support/definitions.ts';
import { user } from '../support/directory.ts';
import { parseAnswer } from './raw.ts';

let app: TestApp;
/** By how many milliseconds the clocks are ahead. */
let ahead = 0;
beforeAll(async () => {
  app = await startEmbeddedApp({ profile: 'rfc', context: { clock: () => new Date(Date.now() + ahead) } });
  const now = performance.now.bind(performance);
  vi.spyOn(performance, 'now').mockImplementation(() => now() + ahead);
});
afterAll(async () => {
  vi.restoreAllMocks();
  await app.close();
});

/** What is answered to a user that is sent in two halves, between which something happens, and so many seconds pass. */
async function sentSlowly(
  { token }: TestTenant,
  body: object,
  seconds: number,
  meanwhile: () => Promise<unknown>,
): Promise<{ status: number; body: string }> {
  const { hostname, port, host } = new URL(app.origin);
  const text = JSON.stringify(body);
  const socket = connect(Number(port), hostname);
  let answer = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    answer += chunk;
  });
  const head = ['POST /scim/v2/Users HTTP/1.1', `Host: ${host}`, `Authorization: Bearer ${token}`];
  const rest = ['Content-Type: application/scim+json', `Content-Length: ${text.length}`, 'Connection: close'];
  socket.write(`${[...head, ...rest].join('\r\n')}\r\n\r\n${text.slice(0, 5)}`);
  // The server has let it in by then.
  await new Promise((resolve) => setTimeout(resolve, 300));
  await meanwhile();
  ahead += seconds * 1000;
  socket.write(text.slice(5));
  await once(socket, 'close');
  return parseAnswer(answer);
}

describe('of a body that takes longer to come than anything is remembered', () => {
  it('the credential is asked for again', async () => {
    const tenant = await app.addTenant({ profile: 'rfc' });
    const prefix = parseToken(tenant.token)?.prefix ?? '';
    const revoke = () => revokeCredential(app.context, COMMAND_LINE, tenant.tenant, prefix);
    const { status } = await sentSlowly(tenant, user('ada'), CREDENTIAL_CACHE_SECONDS, revoke);
    expect(status).toBe(401);
  });

  it('the schemas are those that the tenant has by then', async () => {
    const tenant = await app.addTenant({ profile: 'rfc' });
    const register = () =>
      registerSchema(app.context, COMMAND_LINE, tenant.tenant, BADGE, { types: ['User'], required: false });
    const body = user('ada', { [BADGE_URN]: { number: 'A1' } });
    const answer = await sentSlowly(tenant, body, CREDENTIAL_CACHE_SECONDS, register);
    expect(answer.status).toBe(201);
    expect(JSON.parse(answer.body)).toMatchObject({ [BADGE_URN]: { number: 'A1' } });
  });
});
