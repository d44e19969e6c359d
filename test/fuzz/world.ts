import { randomUUID } from 'node:crypto';
import { publishedSchema } from '../../src/protocol/discovery.ts';
import type { JsonObject, JsonValue } from '../../src/schema/json.ts';
import { jsonTextOf } from '../../src/schema/json-text.ts';
import { GROUP_SCHEMA, USER_SCHEMA } from '../../src/schema/urns.ts';
import { SAMPLE_TYPE } from '../support/generators.ts';
import type { Ask } from './asks.ts';
import type { Heard, Sent, Target } from './target.ts';

/** What tenants are made as. */
export interface Kind {
  readonly profile: JsonValue;
  readonly grade: string;
  readonly provisioning?: string;
}

/** Kinds of tenants that differ in what they offer, and in what they take. */
export const KINDS: readonly Kind[] = [
  { profile: 'rfc', grade: 'lenient' },
  { profile: 'rfc', grade: 'strict' },
  { profile: 'rfc', grade: 'interop' },
  { profile: 'role-object', grade: 'lenient' },
  { profile: 'modern-treasury', grade: 'lenient' },
  { profile: 'messagebird', grade: 'strict' },
  { profile: 'modzy', grade: 'lenient' },
  { profile: { name: 'open-modzy', extends: 'modzy', scim: true }, grade: 'lenient' },
  { profile: 'payhawk', grade: 'lenient' },
  { profile: 'rfc', grade: 'lenient', provisioning: 'manual' },
];

/** One of two tenants, whose data has a mark that nobody else has. */
interface Tenant {
  readonly slug: string;
  readonly mark: string;
  readonly token: string;
  readonly key: string | undefined;
  readonly bound: string | undefined;
  readonly authorization: string;
  readonly prefix: string;
  /** Ids of what there is, by endpoint, in the order of their making. */
  readonly ids: Map<string, string[]>;
  cursor: string;
}

/** Two tenants of a kind, and what is sent to them. */
export interface World {
  readonly kind: Kind;
  /** Takes back what operators did that would keep the requests to come from getting anywhere. */
  restore(): Promise<void>;
  /** Makes a request and says what came of it. */
  make(ask: Ask): Promise<Made>;
}

/** A request that was made. */
export interface Made {
  readonly sent: Sent;
  readonly heard: Heard | undefined;
  /** Whether connections may end without an answer, as a fault that an operator has played. */
  readonly mayDrop: boolean;
  /** Marks and ids of the tenant that did not ask. */
  readonly foreign: readonly string[];
}

/** Makes two tenants of that kind, each with two users and two groups, where SCIM makes them. */
export async function makeWorld(target: Target, kind: Kind): Promise<World> {
  const tenants = [await makeTenant(target, kind), await makeTenant(target, kind)] as const;
  let isTouched = false;
  let mayDrop = false;
  return {
    kind,
    restore: async () => {
      if (!isTouched) return;
      for (const { slug } of tenants) {
        await ask(target, target.adminToken, 'DELETE', `/admin/tenants/${slug}/faults`);
        await ask(target, target.adminToken, 'PUT', `/admin/tenants/${slug}/plan`, { plan: 'enterprise' });
      }
      isTouched = false;
      mayDrop = false;
    },
    make: async (asked) => {
      const own = tenants[asked.as];
      const other = tenants[asked.as === 0 ? 1 : 0];
      const filled = (text: string) => fill(text, own, other);
      const authorization = authorizationOf(asked.credential, own, other, target);
      const sent: Sent = {
        method: asked.method,
        path: filled(asked.path),
        headers: {
          ...(authorization === undefined ? {} : { authorization }),
          ...(asked.body === undefined ? {} : { 'content-type': 'application/scim+json' }),
          ...asked.headers,
        },
        ...(asked.body === undefined ? {} : { body: filled(asked.body) }),
      };
      if (asked.credential === 'admin' && asked.method !== 'GET') isTouched = true;
      if (sent.path.includes('/faults') && String(sent.body).includes('drop')) mayDrop = true;
      const heard = await target.send(sent);
      if (heard) learn(asked.credential === 'others' ? other : own, heard);
      const whose = asked.credential === 'others' ? own : other;
      // An operator may see both; of the others nobody may.
      const seesBoth = asked.credential === 'admin' && !sent.path.includes(own.slug);
      return { sent, heard, mayDrop, foreign: seesBoth ? [] : [whose.mark, ...[...whose.ids.values()].flat()] };
    },
  };
}

async function makeTenant(target: Target, { profile, grade, provisioning }: Kind): Promise<Tenant> {
  const unique = randomUUID().slice(0, 13);
  const slug = `t-${unique}`;
  const mark = `mark-${unique}-q`;
  const admin = async (method: string, path: string, body?: unknown) =>
    ask(target, target.adminToken, method, `/admin${path}`, body);
  await admin('POST', '/tenants', {
    slug,
    profile,
    grade,
    features: ['group-memberships', 'roles-and-entitlements'],
    ...(provisioning === undefined ? {} : { provisioning }),
  });
  await admin('PUT', `/tenants/${slug}/plan`, { plan: 'enterprise' });
  for (const { schema } of [{ schema: SAMPLE_TYPE.schema }, ...SAMPLE_TYPE.extensions]) {
    await admin('POST', `/tenants/${slug}/schemas`, jsonTextOf(publishedSchema(schema) as JsonObject));
  }
  await admin('POST', `/tenants/${slug}/resource-types`, {
    name: SAMPLE_TYPE.name,
    endpoint: SAMPLE_TYPE.endpoint,
    schema: SAMPLE_TYPE.schema.id,
    schemaExtensions: SAMPLE_TYPE.extensions.map(({ schema }) => ({ schema: schema.id, required: false })),
  });
  await admin('POST', `/tenants/${slug}/resource-types`, { builtin: 'Device' });
  const token = await admin('POST', `/tenants/${slug}/tokens`, { api: 'scim' });
  const key = await admin('POST', `/tenants/${slug}/tokens`, { api: 'rest' });
  const own = String(token.token ?? key.token ?? '');
  const ids = new Map<string, string[]>([
    ['user', []],
    ['group', []],
    ['any', []],
  ]);
  const users = [];
  for (const name of ['one', 'two']) {
    const body = {
      schemas: [USER_SCHEMA],
      userName: `${mark}-${name}`,
      displayName: mark,
      externalId: `${mark}-${name}`,
      emails: [{ value: `${mark}-${name}@example.com`, type: 'work' }],
      nickName: mark,
    };
    users.push(await ask(target, own, 'POST', '/scim/v2/Users', body));
  }
  const members = users.flatMap(({ id }) => (typeof id === 'string' ? [{ value: id }] : []));
  const groups = [];
  for (const name of ['one', 'two']) {
    groups.push(
      await ask(target, own, 'POST', '/scim/v2/Groups', {
        schemas: [GROUP_SCHEMA],
        displayName: `${mark}-${name}`,
        members,
      }),
    );
  }
  for (const [kind, made] of [
    ['user', users],
    ['group', groups],
  ] as const) {
    for (const { id } of made) if (typeof id === 'string') note(ids, kind, id);
  }
  const bound = members[0] && (await admin('POST', `/tenants/${slug}/tokens`, { api: 'scim', user: members[0].value }));
  const secret = typeof key.token === 'string' ? key.token : undefined;
  return {
    slug,
    mark,
    token: own,
    key: secret,
    bound: typeof bound?.token === 'string' ? bound.token : undefined,
    authorization: secret === undefined ? `Bearer ${own}` : restAuthorization(profile, secret),
    prefix: String((key.credential as JsonObject | undefined)?.prefix ?? ''),
    ids,
    cursor: '',
  };
}

function restAuthorization(profile: JsonValue, key: string): string {
  const name = typeof profile === 'string' ? profile : 'modzy';
  if (name === 'modern-treasury') return `Basic ${Buffer.from(`${key}:`).toString('base64')}`;
  if (name === 'messagebird') return `AccessKey ${key}`;
  return name === 'modzy' ? `ApiKey ${key}` : `Bearer ${key}`;
}

async function ask(target: Target, token: string, method: string, path: string, body?: unknown): Promise<JsonObject> {
  const heard = await target.send({
    method,
    path,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  if (!heard || (heard.status >= 500 && heard.status !== 501))
    throw new Error(`${method} ${path}: ${heard?.status} ${heard?.text}`);
  return heard.text.startsWith('{') ? (JSON.parse(heard.text) as JsonObject) : {};
}

function authorizationOf(
  credential: Ask['credential'],
  own: Tenant,
  other: Tenant,
  target: Target,
): string | undefined {
  switch (credential) {
    case 'own':
      return `Bearer ${own.token}`;
    case 'bound':
      return `Bearer ${own.bound ?? own.token}`;
    case 'rest':
      return own.authorization;
    case 'admin':
      return `Bearer ${target.adminToken}`;
    case 'others':
      return `Bearer ${other.token}`;
    case 'wrong':
      return `Bearer ${own.token.slice(0, -3)}xyz`;
    default:
      return undefined;
  }
}

const KIND_OF: Readonly<Record<string, string>> = { Users: 'user', Groups: 'group' };

/** Takes note of what an answer says there is. */
function learn(tenant: Tenant, { status, headers, text }: Heard): void {
  const [, endpoint = '', id = ''] = /\/scim\/v2\/(\w+)\/([0-9a-f-]{36})$/.exec(String(headers.location ?? '')) ?? [];
  if (status === 201 && id !== '') note(tenant.ids, KIND_OF[endpoint] ?? 'any', id);
  const [, cursor] = /"(?:nextCursor|after_cursor)":\s?"([^"]+)"/.exec(text) ?? [];
  if (cursor !== undefined) tenant.cursor = cursor;
}

function note(ids: Tenant['ids'], kind: string, id: string): void {
  for (const list of new Set([ids.get(kind), ids.get('any')])) list?.push(id);
}

/** The text with what there is by now in place of its placeholders. */
function fill(text: string, own: Tenant, other: Tenant): string {
  return text.replace(/\{\{(\w+)(?::(\d+))?\}\}/g, (whole, name: string, at = '0') => {
    const of = (list: readonly string[] = []) => list[Number(at) % Math.max(1, list.length)] ?? 'none';
    switch (name) {
      case 'user':
      case 'group':
      case 'any':
        return of(own.ids.get(name));
      case 'other':
        return of(other.ids.get('any'));
      case 'mark':
        return own.mark;
      case 'slug':
        return own.slug;
      case 'bearer':
        return own.token;
      case 'cursor':
        return own.cursor;
      case 'key':
      case 'spare':
        return own.prefix;
      default:
        return whole;
    }
  });
}
