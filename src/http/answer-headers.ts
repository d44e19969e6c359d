import type { FastifyInstance } from 'fastify';

/** On every answer: whatever a client stored and is shown to somebody's browser is what its Content-Type says. */
export const ANSWER_HEADERS = { 'x-content-type-options': 'nosniff' } as const;

/** On pages for people: they load nothing, stand in no frame, and tell no other site where their reader came from. */
export const PAGE_HEADERS = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'referrer-policy': 'no-referrer',
} as const;

/** Puts on every answer what it needs to be safe in a browser; nothing says which software answers. */
export function hardenAnswers(app: FastifyInstance): void {
  app.addHook('onRequest', (_request, reply, done) => {
    reply.headers(ANSWER_HEADERS);
    done();
  });
}
