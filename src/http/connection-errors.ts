import type { Socket } from 'node:net';
import { errorBody } from '../protocol/errors.ts';
import { SCIM_MEDIA_TYPE } from './reply.ts';

const ANSWERS: Readonly<Record<string, { status: string; detail: string }>> = {
  HPE_HEADER_OVERFLOW: {
    status: '431 Request Header Fields Too Large',
    detail: 'The request line and headers are too long; send a shorter filter or fewer headers.',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: '408 Request Timeout',
    detail: 'The request did not arrive in time; send it again.',
  },
};
const MALFORMED = { status: '400 Bad Request', detail: 'The request is not well-formed HTTP.' };

/** Answers what never became a request, and closes its connection. */
export function answerBrokenConnection(error: { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const { status, detail } = ANSWERS[error.code ?? ''] ?? MALFORMED;
  const body = JSON.stringify(errorBody(Number.parseInt(status, 10), { scimType: undefined, detail }));
  const headers = [
    `HTTP/1.1 ${status}`,
    `Content-Type: ${SCIM_MEDIA_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${headers.join('\r\n')}\r\n\r\n${body}`);
}
