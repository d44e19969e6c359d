import { request } from 'node:http';
import type { JsonValue } from '../../src/schema/json.ts';

/** A request with its bytes settled. */
export interface Outgoing {
  readonly method: string;
  readonly url: URL;
  /** Path and query exactly as they go over the wire: a URL object would tidy them. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly text?: string;
}

/** What came back. */
export interface Answer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly body: JsonValue | undefined;
  readonly milliseconds: number;
}

/** Makes the request with no header but those given: `fetch` would add some of its own and drop others. */
export function exchange(outgoing: Outgoing): Promise<Answer> {
  const bytes = outgoing.text === undefined ? undefined : Buffer.from(outgoing.text);
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        method: outgoing.method,
        host: outgoing.url.hostname,
        port: outgoing.url.port,
        path: outgoing.path,
        headers: { ...outgoing.headers, ...(bytes ? { 'Content-Length': bytes.length } : {}) },
      },
      (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(parts).toString('utf8');
          const headers = Object.entries(response.headers).map(([name, value]) => [name, String(value)]);
          try {
            resolve({
              status: response.statusCode ?? 0,
              headers: Object.fromEntries(headers),
              text,
              body: text === '' ? undefined : (JSON.parse(text) as JsonValue),
              milliseconds: performance.now() - started,
            });
          } catch {
            reject(new Error(`${outgoing.method} ${outgoing.path}: the answer is not JSON: ${text.slice(0, 300)}`));
          }
        });
      },
    );
    sent.on('error', reject);
    sent.end(bytes);
  });
}
