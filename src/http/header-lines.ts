import type { FastifyRequest } from 'fastify';

/** How many lines of a request's header have that name: of some that must not be repeated Node silently keeps the first. */
export function headerLines({ raw: { rawHeaders } }: FastifyRequest, name: string): number {
  let lines = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const text = rawHeaders[index];
    if (text?.length === name.length && text.toLowerCase() === name) lines += 1;
  }
  return lines;
}
