import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { OAuthError } from '../access/oauth/errors.ts';
import { type Form, MAX_FORM_BYTES, parseForm } from '../access/oauth/form.ts';
import { FOREIGN_ALGORITHMS } from '../access/oauth/jwk-set.ts';
import { REQUESTED_SCOPES } from '../access/oauth/scopes.ts';
import { KEY_ANNOUNCE_SECONDS } from '../access/oauth/signing-keys.ts';
import { CLIENT_CREDENTIALS, grantToken, JWT_BEARER } from '../directory/grant-token.ts';
import { serverUrl } from '../http/base-url.ts';
import { headerLines } from '../http/header-lines.ts';
import { sendOAuthError } from '../http/oauth-errors.ts';
import { sendAs } from '../http/reply.ts';
import type { RouteOptions } from './options.ts';

/** Path of the token endpoint. */
export const TOKEN_PATH = '/oauth/token';
const KEYS_PATH = '/oauth/jwks';
const METADATA_PATH = '/.well-known/oauth-authorization-server';
const FORM_TYPE = 'application/x-www-form-urlencoded';
/** The keys may be kept for less time than new ones are announced before they sign. */
const KEYS_MAX_AGE_SECONDS = KEY_ANNOUNCE_SECONDS / 2;

/** OAuth 2.0: access tokens for clients, and what clients and others have to know to get and check them. */
export const oauthRoutes: FastifyPluginAsync<RouteOptions> = async (app, options) => {
  await app.register(tokenRoute, options);
  const { oauth, publicUrl } = options;

  app.get(KEYS_PATH, async (_, reply) => {
    reply.header('cache-control', `public, max-age=${KEYS_MAX_AGE_SECONDS}`);
    return sendAs('application/jwk-set+json', reply, JSON.stringify(await oauth.keys.published()));
  });

  const metadata = async (request: FastifyRequest, reply: FastifyReply) =>
    sendAs('application/json', reply, metadataOf(serverUrl(request, publicUrl)));
  app.get(METADATA_PATH, metadata);
  // RFC 8414 §3.1: the path of an issuer comes after the well-known one.
  const path = publicUrl === undefined ? '/' : new URL(publicUrl).pathname;
  if (path !== '/') app.get(`${METADATA_PATH}${path}`, metadata);
};

/** POST /oauth/token (RFC 6749 §3.2). It takes a form and nothing else, and has error bodies of its own. */
const tokenRoute: FastifyPluginAsync<RouteOptions> = async (app, { context, oauth, publicUrl }) => {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    FORM_TYPE,
    { parseAs: 'string', bodyLimit: MAX_FORM_BYTES },
    async (request: FastifyRequest, text: string) => {
      if (request.headers['content-encoding'] !== undefined) {
        throw new OAuthError('invalid_request', 'The form has a Content-Encoding; send it as it is.');
      }
      return parseForm(text);
    },
  );
  app.setErrorHandler((error, request, reply) => sendOAuthError(error, request, reply));

  app.post(TOKEN_PATH, { bodyLimit: MAX_FORM_BYTES }, async (request, reply) => {
    if (headerLines(request, 'authorization') > 1) {
      throw new OAuthError('invalid_request', 'The request has more than one Authorization header; send one.');
    }
    // RFC 6749 §2.3.1: what stands in a URI ends up in logs.
    if (request.url.includes('?')) {
      throw new OAuthError('invalid_request', 'The parameters belong in the form of the body, not in the URI.');
    }
    const issuer = serverUrl(request, publicUrl);
    const { answer, tenant, prefix, expiring } = await grantToken(context, oauth, {
      authorization: request.headers.authorization,
      form: (request.body as Form | undefined) ?? new Map(),
      address: request.ip,
      issuer,
      tokenEndpoint: `${issuer}${TOKEN_PATH}`,
    });
    const whose = { tenant: tenant.slug, credential: prefix };
    request.log.info(whose, 'access token issued');
    if (expiring) {
      const { prefix: secret, expiresAt } = expiring;
      request.log.warn(
        { ...whose, secret, expiresAt },
        `a client's secret expires soon; add its successor with: rollcall client secret add ${tenant.slug} ${prefix}`,
      );
    }
    reply.headers({ 'cache-control': 'no-store', pragma: 'no-cache' });
    return sendAs('application/json', reply, answer);
  });
};

/** RFC 8414 §2. */
function metadataOf(issuer: string) {
  return {
    issuer,
    token_endpoint: `${issuer}${TOKEN_PATH}`,
    jwks_uri: `${issuer}${KEYS_PATH}`,
    scopes_supported: [...REQUESTED_SCOPES],
    // Required, though there is no authorization endpoint that would answer any.
    response_types_supported: [],
    grant_types_supported: [CLIENT_CREDENTIALS, JWT_BEARER],
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'private_key_jwt'],
    token_endpoint_auth_signing_alg_values_supported: [...FOREIGN_ALGORITHMS],
  };
}
