import type { FastifyInstance, FastifyRequest } from 'fastify';
import { replaceToken } from '../../directory/credentials.ts';
import { enrolUser } from '../../directory/enrol.ts';
import { changeKeyRoles, keyRolesAsked } from '../../directory/key-roles.ts';
import { keyNamed, keysOfUsers } from '../../directory/keys.ts';
import { reading } from '../../directory/reading.ts';
import { searchResources } from '../../directory/search.ts';
import { groupTypeOf, joinTeam } from '../../directory/teams.ts';
import { readUsersKnownAs } from '../../directory/users-known.ts';
import { bodyOf } from '../../http/bodies.ts';
import { MODZY_ROLES } from '../../profiles/modzy.ts';
import { notFound } from '../../protocol/errors.ts';
import { abridged } from '../../protocol/json.ts';
import { MAX_PAGE_NUMBER } from '../../protocol/paging.ts';
import type { JsonObject } from '../../schema/json.ts';
import { parseJson } from '../../schema/json-text.ts';
import type { ResourceTypeDefinition } from '../../schema/resource-type.ts';
import type { Tenant } from '../../storage/tenants.ts';
import { operatorOf } from '../admin/operator.ts';
import type { RouteOptions } from '../options.ts';
import { principalOf, requireAdministrator, requireMayChange, requireMayGive } from './modzy-authority.ts';
import { identifiersIn, identifiersSought, newUserFields } from './modzy-fields.ts';
import { MEMBER_ROLES, teamOf, userMessage } from './modzy-message.ts';
import { accountUserView, accountView, keyViews, teamView } from './modzy-view.ts';
import { parametersOf, wholeNumberIn } from './parameters.ts';
import { mountDoor, type Paging, usersOf, WITHOUT_GROUPS } from './surface.ts';
import { emailOf } from './user-view.ts';

/** Where the surface begins. */
export const ACCOUNTING_PATH = '/api/accounting';
/** Users that an account shows at a time; the source has no pages, but an account may have more users than one answer. */
export const USERS_PER_PAGE = 1000;

const DESCRIPTIONS: ReadonlyMap<string, string> = new Map(Object.entries(MODZY_ROLES));
const HINT = `accounts are at ${ACCOUNTING_PATH}/accounts, users below them`;
const BY_PAGE = 'pages are asked for with page and per-page';

/** /api/accounting of Modzy (source 001): accounts, users, teams and keys. */
export async function mountModzy(app: FastifyInstance, options: RouteOptions): Promise<void> {
  mountDoor(app, options, {
    name: 'modzy',
    scheme: 'api-key',
    scopes: { read: 'user:read', write: 'user:write' },
    paging: { defaultCount: USERS_PER_PAGE, maxCount: USERS_PER_PAGE },
    hint: HINT,
  });

  app.get('/accounts', async (request) => {
    parametersOf(request, []);
    return [accountView(principalOf(request).tenant)];
  });

  app.get('/roles', async (request) => {
    parametersOf(request, []);
    const { names } = principalOf(request).dialect.profile.keyRoles;
    return names.map((identifier) => ({ identifier, description: DESCRIPTIONS.get(identifier) ?? null }));
  });

  await app.register(async (below) => {
    below.addHook('onRequest', async (request) => requireAdministrator(principalOf(request)));
    mountUsers(below, options);
    mountKeys(below, options);
  });
}

function mountUsers(app: FastifyInstance, { context }: RouteOptions): void {
  app.get('/accounts/:account', async (request) => {
    const { scope, type } = usersOf(request);
    const tenant = accountOf(request);
    const { page, perPage } = pageOf(request, scope.dialect.profile.paging);
    const asked = { startIndex: (page - 1) * perPage + 1, count: perPage, ...WITHOUT_GROUPS };
    const { totalResults = 0, Resources } = await reading(context, (reader) =>
      searchResources(reader, scope, [type], asked),
    );
    const users = Array.isArray(Resources) ? (Resources as JsonObject[]) : [];
    return { ...accountView(tenant), totalUsers: totalResults, users: await withKeys(tenant, type, users) };
  });

  app.post('/users/search', { config: { readsOnly: true } }, async (request) => {
    const { scope, type, projection } = usersOf(request);
    const sought = identifiersSought(bodyOf(request, 'a JSON object with the e-mail addresses, in identifiers'));
    const found = await reading(context, (reader) => readUsersKnownAs(reader, scope, type, sought, projection));
    return withKeys(
      principalOf(request).tenant,
      type,
      found.map(({ body }) => body),
    );
  });

  app.post('/accounts/:account/users', async (request, reply) => {
    const { scope, type, projection } = usersOf(request);
    const tenant = accountOf(request);
    const fields = newUserFields(bodyOf(request, 'a JSON object with firstName, lastName and email of the user'));
    const team = fields.team && teamOf(groupTypeOf(scope), fields, fields.team);
    requireMayGive(principalOf(request), keyRolesAsked(tenant, fields.team?.accessKeyRoles ?? []));
    const asked = { user: userMessage(type, fields), ...(team ? { team } : {}) };
    const made = await enrolUser(context, scope, tenant, type, asked, projection);
    return reply.code(201).send({
      ...accountUserView(type, made.user.body),
      accessKeys: await keyViews(context, made.keys),
      ...(made.team ? { team: teamView(made.team.body) } : {}),
    });
  });

  app.post('/teams/:team/members', async (request, reply) => {
    const { scope, type } = usersOf(request);
    const { team } = request.params as { team: string };
    const users = identifiersIn(bodyOf(request, 'an array with the identifiers of the users'), 'identifiers of users');
    const tenant = principalOf(request).tenant;
    const joined = await joinTeam(context, scope, tenant, type, team, { users, roles: MEMBER_ROLES });
    const keys = await keyViews(
      context,
      joined.map(({ key }) => key),
    );
    // Nothing is made by asking again, which a client may do that got no answer.
    if (joined.some(({ invitation }) => invitation)) reply.code(201);
    return joined.map(({ user, invitation }, index) => ({
      identifier: user.id,
      email: emailOf(parseJson(user.doc) as JsonObject),
      accessKey: keys[index] ?? null,
      invitation: invitation ? { identifier: invitation.id, createdAt: invitation.at.toISOString() } : null,
    }));
  });

  async function withKeys(tenant: Tenant, type: ResourceTypeDefinition, users: JsonObject[]): Promise<JsonObject[]> {
    const ids = users.map(({ id }) => String(id));
    const keys = [...(await keysOfUsers(context, tenant, ids)).values()].flat();
    const shown = new Map<unknown, JsonObject[]>(ids.map((id) => [id, []]));
    for (const key of await keyViews(context, keys)) shown.get(key.user)?.push(key);
    return users.map((user) => ({ ...accountUserView(type, user), accessKeys: shown.get(user.id) ?? [] }));
  }
}

function mountKeys(app: FastifyInstance, options: RouteOptions): void {
  const { context } = options;

  app.put('/access-keys/:prefix/roles', async (request) => {
    const principal = principalOf(request);
    const key = await keyNamed(context, principal.tenant, prefixIn(request));
    const body = bodyOf(request, 'an array with the identifiers of the roles');
    const roles = keyRolesAsked(principal.tenant, identifiersIn(body, 'identifiers of roles'));
    requireMayChange(principal, key);
    requireMayGive(principal, roles);
    const changed = await changeKeyRoles(context, operatorOf(request, options), principal.tenant, key, roles);
    return (await keyViews(context, [changed]))[0];
  });

  app.post('/access-keys/:prefix/replace', async (request, reply) => {
    const principal = principalOf(request);
    const key = await keyNamed(context, principal.tenant, prefixIn(request));
    requireMayChange(principal, key);
    const replaced = await replaceToken(context, operatorOf(request, options), principal.tenant, key.id);
    const [shown] = await keyViews(context, [replaced.credential]);
    // The secret is in this answer only; no cache may keep it (RFC 9111 §5.2.2.5).
    reply.header('cache-control', 'no-store');
    return { ...shown, apiKey: replaced.token };
  });
}

/** The tenant that the path names, by slug or id: that of the key, since a key sees no other. */
function accountOf(request: FastifyRequest): Tenant {
  const { account } = request.params as { account: string };
  const { tenant } = principalOf(request);
  if (account === tenant.slug || account === tenant.id) return tenant;
  throw notFound(`There is no account "${abridged(account)}"; the account of this key is ${tenant.slug}.`);
}

function pageOf(request: FastifyRequest, { defaultCount, maxCount }: Paging): { page: number; perPage: number } {
  const instead = { offset: BY_PAGE, limit: BY_PAGE, per_page: BY_PAGE, cursor: BY_PAGE };
  const given = parametersOf(request, ['page', 'per-page'], instead);
  const most = Math.floor(MAX_PAGE_NUMBER / USERS_PER_PAGE);
  return {
    page: wholeNumberIn('page', given.page, { least: 1, most }) ?? 1,
    perPage: wholeNumberIn('per-page', given['per-page'], { least: 1, most: maxCount }) ?? defaultCount,
  };
}

function prefixIn(request: FastifyRequest): string {
  return (request.params as { prefix: string }).prefix;
}
