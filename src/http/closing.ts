import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/**
 * Closes the server as soon as what is under way is answered. Two kinds of connection would keep it open for a minute
 * else: those that become idle after the close began, and those on which no request ever came, which Node counts as busy
 * until its timeout for headers.
 */
export function closePromptly(app: FastifyInstance): void {
  let closing = false;
  const unused = new Set<Socket>();
  app.server.on('connection', (socket) => {
    unused.add(socket);
    socket.once('close', () => unused.delete(socket));
  });
  app.server.on('request', (request) => unused.delete(request.socket));
  app.addHook('onSend', (_request, reply, payload, done) => {
    if (closing) reply.header('connection', 'close');
    done(null, payload);
  });
  app.addHook('preClose', async () => {
    closing = true;
    for (const socket of unused) socket.destroy();
  });
}
