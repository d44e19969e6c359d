import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request as httpRequest } from 'node:http';
import { fileURLToPath } from 'node:url';
import { CPU_HEADER, type Hello, type Told } from './messages.ts';

/** A request as it is sent. */
export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** What came back. */
export interface Heard {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** From the first byte sent to the last received. */
  readonly milliseconds: number;
  /** Processor time of the server meanwhile. */
  readonly cpuMilliseconds: number;
}

/** The server that is fuzzed. */
export interface Target {
  readonly origin: string;
  readonly adminToken: string;
  readonly endpoints: Hello['endpoints'];
  /** Sends a request; undefined when the connection ended without an answer. */
  send(request: Sent): Promise<Heard | undefined>;
  /** What the server logged as errors since this was last asked. */
  logged(): string[];
  /** Size of the server's heap after a collection. */
  heapBytes(): Promise<number>;
  stop(): Promise<void>;
}

/** How long an answer may take: whatever the machine does beside, a request that waits longer hangs. */
const GIVE_UP_MS = 30_000;

/** Starts a server on the embedded database, or on the PostgreSQL at the address. */
export async function startTarget(given: { databaseUrl?: string; snapshot?: string } = {}): Promise<Target> {
  const child = fork(fileURLToPath(new URL('process.ts', import.meta.url)), {
    execArgv: ['--import', 'tsx', '--expose-gc'],
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      ...(given.databaseUrl ? { FUZZ_DATABASE_URL: given.databaseUrl } : {}),
      ...(given.snapshot ? { FUZZ_SNAPSHOT: given.snapshot } : {}),
    },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  let lines: string[] = [];
  child.on('message', (told: Told) => {
    if (told.kind === 'logged') lines.push(told.line.slice(0, 4000));
  });
  const hello = await heard(child, 'hello');
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  const origin = `http://127.0.0.1:${hello.port}`;
  return {
    origin,
    adminToken: hello.adminToken,
    endpoints: hello.endpoints,
    send: (request) => send(agent, hello.port, request),
    logged: () => {
      const all = lines;
      lines = [];
      return all;
    },
    heapBytes: async () => {
      child.send('memory');
      return (await heard(child, 'memory')).heapBytes;
    },
    stop: async () => {
      agent.destroy();
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}

function heard<Kind extends Told['kind']>(child: ChildProcess, kind: Kind): Promise<Extract<Told, { kind: Kind }>> {
  return new Promise((resolve, reject) => {
    const ended = () => reject(new Error('The server that is fuzzed has ended.'));
    const told = (message: Told) => {
      if (message.kind !== kind) return;
      child.off('message', told);
      child.off('exit', ended);
      resolve(message as Extract<Told, { kind: Kind }>);
    };
    child.on('message', told);
    child.once('exit', ended);
  });
}

function send(agent: Agent, port: number, { method, path, headers, body }: Sent): Promise<Heard | undefined> {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const length = body === undefined ? undefined : Buffer.byteLength(body);
    const request = httpRequest(
      {
        agent,
        port,
        host: '127.0.0.1',
        method,
        path,
        headers: { ...headers, ...(length === undefined ? {} : { 'content-length': String(length) }) },
        // What makes no header or no path is refused here already: such bytes are for raw connections.
        signal: AbortSignal.timeout(GIVE_UP_MS),
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', () => resolve(undefined));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: Buffer.concat(chunks).toString('utf8'),
            milliseconds: performance.now() - began,
            cpuMilliseconds: Number(response.headers[CPU_HEADER] ?? 0),
          }),
        );
      },
    );
    request.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNRESET' || error.code === 'EPIPE') resolve(undefined);
      else reject(error);
    });
    if (body !== undefined) request.write(body);
    request.end();
  });
}
