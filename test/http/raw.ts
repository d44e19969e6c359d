import { connect } from 'node:net';

/** Sends bytes to the server as they are and gives all that it answers until it, or the client, closes. */
export function exchange(origin: string, ...parts: (string | Buffer)[]): Promise<string> {
  const { hostname, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    let answer = '';
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      answer += chunk;
    });
    socket.on('close', () => resolve(answer));
    // The server may close while a part is still being sent; what it answered before counts.
    socket.on('error', (error) => (answer === '' ? reject(error) : resolve(answer)));
    for (const part of parts) socket.write(part);
  });
}

/** Status, headers in lower case and body of a raw answer. */
export function parseAnswer(answer: string): { status: number; headers: Map<string, string>; body: string } {
  const [head = '', body = ''] = answer.split('\r\n\r\n', 2);
  const [line = '', ...fields] = head.split('\r\n');
  const headers = fields.map((field) => {
    const [name = '', ...value] = field.split(': ');
    return [name.toLowerCase(), value.join(': ')] as const;
  });
  return { status: Number(line.split(' ')[1]), headers: new Map(headers), body };
}
