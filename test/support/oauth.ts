import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, importJWK, type JWK, type JWTPayload, SignJWT } from 'jose';
import type { JsonObject } from '../../src/schema/json.ts';
import type { Storage } from '../../src/storage/database.ts';
import { listSigningKeys } from '../../src/storage/signing-keys.ts';
import { type Answer, send } from './app.ts';

/** Sends a form to the token endpoint; pairs may repeat a name. */
export function tokenRequest(
  origin: string,
  form: Readonly<Record<string, string>> | readonly (readonly [string, string])[],
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const pairs = Array.isArray(form) ? form : Object.entries(form);
  const body = new URLSearchParams(pairs as [string, string][]).toString();
  return send(`${origin}/oauth/token`, 'POST', undefined, body, {
    'content-type': 'application/x-www-form-urlencoded',
    ...headers,
  });
}

/** The header of HTTP Basic, its parts form-encoded (RFC 6749 §2.3.1). */
export function basic(clientId: string, secret: string): { authorization: string } {
  const joined = [clientId, secret].map(encodeURIComponent).join(':');
  return { authorization: `Basic ${Buffer.from(joined).toString('base64')}` };
}

/** A key of somebody else. */
export interface ForeignKey {
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly publicJwk: JWK;
}

/** Makes a key; ES256, since it is quickly made. */
export async function foreignKey(kid: string = randomUUID(), alg: string = 'ES256'): Promise<ForeignKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { kid, privateKey, publicJwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
}

/** Signs claims with a key. */
export function signed(
  { kid, privateKey, publicJwk }: ForeignKey,
  claims: Readonly<Record<string, unknown>>,
  header: JsonObject = {},
): Promise<string> {
  return new SignJWT(claims as JWTPayload)
    .setProtectedHeader({ alg: String(publicJwk.alg), kid, ...header } as { alg: string })
    .sign(privateKey);
}

/** Seconds since 1970, which JWTs count in. */
export function secondsOf(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}

/** The key under which the server signs, for tokens that it never made. */
export async function serverKey(storage: Storage): Promise<ForeignKey> {
  const key = (await listSigningKeys(storage.db, new Date())).at(-1);
  if (!key) throw new Error('The server has no key yet.');
  const publicJwk = JSON.parse(key.publicJwk) as JWK;
  const privateKey = (await importJWK(JSON.parse(key.privateJwk) as JWK, 'RS256')) as CryptoKey;
  return { kid: key.kid, privateKey, publicJwk };
}

/** A server on this machine that publishes keys; `answer` may be replaced. */
export interface KeyServer {
  readonly host: string;
  readonly origin: string;
  requests: string[];
  keys: JWK[];
  answer: ((request: IncomingMessage, response: ServerResponse) => void) | undefined;
  close(): Promise<void>;
}

/** Starts one; it has a discovery document too. */
export async function startKeyServer(keys: JWK[]): Promise<KeyServer> {
  const server = createServer((request, response) => {
    made.requests.push(request.url ?? '');
    if (made.answer) return made.answer(request, response);
    const discovery = { issuer: made.origin, jwks_uri: `${made.origin}/keys` };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(request.url?.startsWith('/.well-known/') ? discovery : { keys: made.keys }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const made: KeyServer = {
    host,
    origin: `http://${host}`,
    requests: [],
    keys,
    answer: undefined,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return made;
}
