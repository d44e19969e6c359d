import { connect, createServer, type Socket } from 'node:net';

/** A line to a TCP server that tests can cut. */
export interface Line {
  readonly port: number;
  /** Ends every connection, and refuses new ones until it is mended. */
  cut(): Promise<void>;
  /** Ends every connection as soon as the client says something on it; new ones are let through. */
  cutAtNextWord(): void;
  /** Loses whatever is said from now on, in both directions, without a word; connections seem to be well. */
  silence(): void;
  mend(): Promise<void>;
}

/** Lays a line to the server at that port of this machine. */
export async function lineTo(host: string, port: number): Promise<Line> {
  const sockets = new Set<Socket>();
  const doomed = new WeakSet<Socket>();
  let silent = false;
  const server = createServer((near) => {
    const far = connect(port, host);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('data', (bytes) => {
        if (from === near && doomed.has(near)) near.destroy();
        else if (!silent) to.write(bytes);
      });
      from.on('error', () => {});
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  const listen = (at: number) => new Promise<void>((resolve) => server.listen(at, '127.0.0.1', resolve));
  await listen(0);
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('no port');
  const own = address.port;
  return {
    port: own,
    cut: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
    cutAtNextWord: () => {
      for (const socket of sockets) doomed.add(socket);
    },
    silence: () => {
      silent = true;
    },
    mend: () => {
      silent = false;
      return server.listening ? Promise.resolve() : listen(own);
    },
  };
}
