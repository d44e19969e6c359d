import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { errorBody } from '../protocol/errors.ts';
import { ANSWER_HEADERS } from './answer-headers.ts';
import { SCIM_MEDIA_TYPE } from './reply.ts';

interface Refusal {
  /** Number and reason. */
  readonly status: string;
  readonly detail: string;
}

const ANSWERS: Readonly<Record<string, Refusal>> = {
  HPE_HEADER_OVERFLOW: {
    status: '431 Request Header Fields Too Large',
    detail: 'The request line and headers are too long; send a shorter filter or fewer headers.',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: '408 Request Timeout',
    detail: 'The request did not arrive in time; send it again.',
  },
};
const UNEXPECTED: Refusal = {
  status: '417 Expectation Failed',
  detail: 'The Expect header asks for what this server does not do; send 100-continue, or leave it out.',
};
const NO_TUNNEL: Refusal = { status: '501 Not Implemented', detail: 'CONNECT is not offered: this is no proxy.' };
const MALFORMED: Refusal = { status: '400 Bad Request', detail: 'The request is not well-formed HTTP.' };

/** Answers what never became a request, and closes its connection. */
export function answerBrokenConnection(error: { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  closeWith(socket, ANSWERS[error.code ?? ''] ?? MALFORMED);
}

/** Answers in SCIM what Node would otherwise answer without a body, or not at all: expectations and tunnels. */
export function refuseExpectationsAndTunnels(app: FastifyInstance): void {
  app.server.on('checkExpectation', (_request, response) => {
    const body = bodyOf(UNEXPECTED);
    response.writeHead(Number.parseInt(UNEXPECTED.status, 10), headersOf(body)).end(body);
  });
  app.server.on('connect', (_request, socket: Socket) => {
    // Nobody else watches this connection any more.
    socket.on('error', () => {});
    closeWith(socket, NO_TUNNEL);
    socket.destroySoon();
  });
}

function closeWith(socket: Socket, refusal: Refusal): void {
  const body = bodyOf(refusal);
  const fields = Object.entries({ ...headersOf(body), Connection: 'close' }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  socket.end(`HTTP/1.1 ${refusal.status}\r\n${fields.join('\r\n')}\r\n\r\n${body}`);
}

function bodyOf({ status, detail }: Refusal): string {
  return JSON.stringify(errorBody(Number.parseInt(status, 10), { scimType: undefined, detail }));
}

function headersOf(body: string): Record<string, string | number> {
  return { 'Content-Type': SCIM_MEDIA_TYPE, 'Content-Length': Buffer.byteLength(body), ...ANSWER_HEADERS };
}
