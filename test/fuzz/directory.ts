import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../../src/schema/json.ts';
import { brokenPromises } from './invariants.ts';
import type { Heard, Sent, Target } from './target.ts';

/** An answer whose body is JSON. */
export interface Said {
  readonly status: number;
  readonly headers: Heard['headers'];
  readonly body: JsonObject;
}

/** What a client says to its tenant, and hears. */
export interface Talk {
  request(
    method: string,
    path: string,
    body?: JsonObject | string,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Said>;
  /** Every resource of an endpoint, or those that a filter finds. */
  all(path: string, filter?: string): Promise<JsonObject[]>;
}

/** A new tenant with the profile `rfc`, to talk to. */
export async function newTalk(target: Target, grade: string): Promise<Talk> {
  const slug = `m-${randomUUID().slice(0, 13)}`;
  const admin = (path: string, body: JsonObject) => say(target, target.adminToken, 'POST', `/admin${path}`, body);
  await admin('/tenants', { slug, profile: 'rfc', grade });
  const { body } = await admin(`/tenants/${slug}/tokens`, {});
  const request: Talk['request'] = (method, path, content, headers) =>
    say(target, String(body.token), method, `/scim/v2${path}`, content, headers);
  return {
    request,
    all: async (path, filter) => {
      const query = filter === undefined ? '' : `&filter=${encodeURIComponent(filter)}`;
      const answer = await request('GET', `${path}?count=100${query}`);
      if (answer.status !== 200) throw new Error(`${path} ${filter}: ${JSON.stringify(answer.body)}`);
      const found = answer.body.Resources as JsonObject[];
      if (answer.body.totalResults !== found.length) throw new Error(`totalResults of ${path} ${filter}`);
      return found;
    },
  };
}

async function say(
  target: Target,
  token: string,
  method: string,
  path: string,
  body?: JsonObject | string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Said> {
  const sent: Sent = {
    method,
    path,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json', ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  };
  const heard = await target.send(sent);
  const broken = brokenPromises({ sent, heard, mayDrop: false, foreign: [] });
  if (!heard || broken.length > 0) {
    throw new Error(
      [`${method} ${path}: ${broken.join('; ')}`, String(sent.body ?? '').slice(0, 2000), ...target.logged()].join(
        '\n',
      ),
    );
  }
  return { ...heard, body: heard.text === '' ? {} : (JSON.parse(heard.text) as JsonObject) };
}
