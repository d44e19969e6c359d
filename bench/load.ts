import { Agent, request } from 'node:http';

/** Connections that ask at a time. */
export const CONNECTIONS = 8;

/** One request to send. */
export interface Asked {
  readonly method: string;
  /** Below the base URL. */
  readonly path: string;
  readonly body?: unknown;
}

/** Where requests go. */
export interface Target {
  readonly url: string;
  readonly token?: string;
}

/** What came back, and how long it took. */
export interface Answered {
  readonly status: number;
  readonly text: string;
  readonly ms: number;
}

const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });

/** Sends one request over a connection that is kept. */
export function ask({ url, token }: Target, { method, path, body }: Asked): Promise<Answered> {
  const text = body === undefined ? undefined : JSON.stringify(body);
  const headers = {
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(text === undefined
      ? {}
      : { 'content-type': 'application/scim+json', 'content-length': Buffer.byteLength(text) }),
  };
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const sent = request(`${url}${path}`, { method, headers, agent }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', reject);
      response.on('end', () => {
        const ms = performance.now() - began;
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(parts).toString(), ms });
      });
    });
    sent.on('error', reject);
    sent.end(text);
  });
}

/** Asks and gives the answer; throws when it is no success. */
export async function expectSuccess(target: Target, asked: Asked): Promise<Answered> {
  const answered = await ask(target, asked);
  const { status, text } = answered;
  if (status >= 300) throw new Error(`${asked.method} ${asked.path}: ${status} ${text.slice(0, 300)}`);
  return answered;
}

/** Asks and gives the JSON of the answer; throws when it is no success. */
export async function expectJson(target: Target, asked: Asked): Promise<Record<string, unknown>> {
  const { text } = await expectSuccess(target, asked);
  return text === '' ? {} : JSON.parse(text);
}

/**
 * Keeps all connections asking for so long, and until so many were answered: what a few requests cost says little where
 * the machine has other work. Gives how long each answer took. A failure ends the run.
 */
export async function drive(target: Target, next: () => Asked, seconds: number, atLeast = 0): Promise<number[]> {
  const until = performance.now() + seconds * 1000;
  const times: number[] = [];
  const connection = async () => {
    while (performance.now() < until || times.length < atLeast) {
      const { ms } = await expectSuccess(target, next());
      times.push(ms);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, connection));
  return times;
}

/** Closes the connections that are kept. */
export function hangUp(): void {
  agent.destroy();
}
