import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What stands before several servers and passes each request on to the next of them. */
export interface RoundRobin {
  /** Such as `http://127.0.0.1:1234`. */
  readonly origin: string;
  close(): Promise<void>;
}

/** Stands before the servers at these ports of this machine. */
export async function roundRobin(ports: readonly number[]): Promise<RoundRobin> {
  let next = 0;
  const server = createServer((asked, reply) => {
    const port = ports[next++ % ports.length];
    const passed = request(
      { host: '127.0.0.1', port, method: asked.method, path: asked.url, headers: asked.headers },
      (answer) => {
        reply.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
        answer.pipe(reply);
      },
    );
    passed.on('error', () => reply.destroy());
    asked.pipe(passed);
  });
  // Longer than any pause of a test: else a client may send its next request on a connection that is just being closed.
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
