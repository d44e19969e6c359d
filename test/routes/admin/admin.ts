import { type Answer, send, type TestApp } from '../../support/app.ts';

/** Sends a request below /admin. */
export type Send = (method: string, path: string, body?: unknown) => Promise<Answer>;

/** How an administrator talks to the server. */
export async function adminOf(app: TestApp): Promise<Send> {
  return sender(app, await app.issueToken(app.tenant, { scopes: ['admin'] }));
}

/** How the holder of a token, or of none, talks to the admin API. */
export function sender(app: TestApp, token: string | undefined): Send {
  return (method, path, body) => {
    const headers = body === undefined ? {} : { 'content-type': 'application/json' };
    return send(`${app.origin}/admin${path}`, method, token, body, headers);
  };
}
