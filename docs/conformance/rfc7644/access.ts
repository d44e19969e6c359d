import type { Statement } from '../statement.ts';

/** RFC 7644 §1.3, §2, §6 and §7: who may ask, whose data it is, and how it is kept safe. */
export const ACCESS: readonly Statement[] = [
  {
    id: '7644-1.3-1',
    level: 'MUST NOT',
    asks: 'The base URI has no query.',
    does: '`PUBLIC_URL` with a query is refused at the start.',
  },
  {
    id: '7644-2-1',
    level: 'SHOULD NOT',
    asks: 'Bearer tokens are not issued on weak authentication or none.',
    does: 'Only the command line and the admin API issue tokens.',
  },
  {
    id: '7644-2-2',
    level: 'MAY',
    asks: 'Bearer tokens are taken.',
    does: '`Authorization: Bearer …` is the scheme of every endpoint below the base URI.',
  },
  {
    id: '7644-2-3',
    level: 'MUST',
    asks: '`WWW-Authenticate` says which schemes there are.',
    does: 'Every 401, and a 403 for a missing scope, has a Bearer challenge.',
  },
  {
    id: '7644-2-4',
    level: 'MUST',
    asks: 'An authenticated client is mapped to a policy of what it may do.',
    does: 'A credential belongs to one tenant and has scopes: `scim:read`, `scim:write`, `admin`.',
  },
  {
    id: '7644-2-5',
    level: 'SHOULD',
    asks: 'It is considered who asks, and whether the change is fitting for that subject and resource.',
    does: "Scopes are checked for each request, and the tenant's owner is protected from clients.",
  },
  {
    id: '7644-2.1-1',
    level: 'SHOULD',
    asks: 'The scopes of a token and whom it stands for are considered.',
    does: 'Each method needs its scope; `/.search` needs only the one for reading.',
  },
  {
    id: '7644-2.1-2',
    level: 'MUST',
    asks: 'Known threats to tokens and their countermeasures are taken into account.',
    does: 'Tokens are bound to a tenant, stored as a hash, can expire and be revoked, and are never logged.',
  },
  {
    id: '7644-2.2-1',
    level: 'MAY',
    asks: 'Requests without authentication are taken.',
    does: 'None is: below the base URI everything is 401 without a credential, unknown paths too.',
  },
  {
    id: '7644-6-1',
    level: 'MAY',
    asks: 'One provider serves several tenants.',
    does: 'One server serves many. Each sees its own resources only, and the same names may be taken in each.',
  },
  {
    id: '7644-6.1-1',
    level: 'MAY',
    asks: 'The tenant follows from the authentication.',
    does: 'The credential says which tenant it is.',
  },
  {
    id: '7644-6.1-2',
    level: 'MAY',
    asks: 'The tenant can be named in the URI, in the host name or in a header.',
    does: "`/t/{tenant}/scim/v2` serves the same as `/scim/v2`, for that tenant's credentials only.",
  },
  {
    id: '7644-7.2-1',
    level: 'MUST',
    asks: 'Requests come over TLS only, version 1.2 at least.',
    unmet: 'the server speaks plain HTTP; a proxy in front of it has to end TLS.',
    does: 'It listens on 127.0.0.1 unless told otherwise. With `PUBLIC_URL` every URI that it hands out is an https one.',
  },
  {
    id: '7644-7.4-1',
    level: 'MUST',
    asks: 'Bearer tokens can not be guessed.',
    does: 'A token has 256 random bits.',
  },
  {
    id: '7644-7.4-2',
    level: 'MUST',
    asks: 'Bearer tokens live for a limited time.',
    unmet:
      'a token that was issued without an expiry lives until it is revoked; many provisioning clients can not renew one.',
    does: 'A token with an expiry is refused from that instant on, and a revoked one within seconds.',
  },
  {
    id: '7644-7.5.1-1',
    level: 'MUST',
    asks: 'The privacy of personal data is considered.',
    does: 'The log has no token, path, filter, body or password, and errors tell nothing of the inside.',
  },
  {
    id: '7644-7.5.2-1',
    level: 'SHOULD',
    asks: 'A GET whose filter holds sensitive data is answered with 403, and may say `sensitive`.',
    does: {
      lenient:
        'A filter on `password`, or on another attribute that is never returned, is 403 `sensitive` in a URI. What else is sensitive is for the client to know.',
      strict: 'As in `lenient`.',
      interop: 'There is no `password`, so a filter on it is 400 `invalidFilter` like any on an unknown attribute.',
    },
  },
  {
    id: '7644-7.7-1',
    level: 'SHOULD',
    asks: 'Stored credentials are protected: hashes instead of clear text, and no injection.',
    does: 'Passwords are kept as Argon2id hashes, tokens as SHA-256 of 256 random bits. Input reaches SQL as parameters only.',
  },
  {
    id: '7644-7.7-2',
    level: 'SHOULD',
    asks: 'Access is controlled for each client by what it needs.',
    does: 'Each credential has scopes of its own, and its own prefix in the log and in the trail of changes.',
  },
];
