import type { FastifyRequest } from 'fastify';

/** How many lines of a request's header have that name: of some that must not be repeated Node silently keeps the first. */
export function headerLines({ raw }: FastifyRequest, name: string): number {
  return raw.rawHeaders.filter((text, index) => index % 2 === 0 && text.toLowerCase() === name).length;
}
