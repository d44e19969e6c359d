import { MAX_JWT_LENGTH } from '../../src/access/oauth/access-token.ts';
import { MAX_ASSERTION_LIFE_SECONDS, MAX_JTI_LENGTH } from '../../src/access/oauth/client-authentication.ts';
import { MAX_AUDIENCES, MAX_FEDERATED_LIFE_SECONDS } from '../../src/access/oauth/federation.ts';
import { MAX_FORM_BYTES, MAX_FORM_PARAMETERS } from '../../src/access/oauth/form.ts';
import { MAX_KEYS } from '../../src/access/oauth/jwk-set.ts';
import { MAX_DOCUMENT_BYTES } from '../../src/access/oauth/remote-json.ts';
import { MAX_TOKEN_LIFE_SECONDS } from '../../src/access/oauth/token-life.ts';
import { MAX_LIVE_SECRETS, MAX_SECRET_LIFE_DAYS } from '../../src/directory/client-secrets.ts';
import { MAX_EVENTS } from '../../src/directory/event-listing.ts';
import { MAX_LINE_BYTES } from '../../src/directory/import-lines.ts';
import { MAX_SHARERS } from '../../src/directory/issuers.ts';
import { MAX_NEEDLE_LENGTH, MAX_REQUESTS } from '../../src/directory/request-log-listing.ts';
import { MAX_DAYS, MAX_MEGABYTES } from '../../src/profiles/request-log.ts';
import { invalidValue, type LimitGroup, limit } from './row.ts';

const REFUSED = 'the client is refused: 401 `invalid_client`';
const page = (most: number) => invalidValue(`The limit is "${most + 1}"; send a whole number from 1 to ${most}.`);

/** Limits of how clients prove who they are, and of what is kept of what they do. */
export const TRUST_LIMITS: readonly LimitGroup[] = [
  {
    title: 'OAuth',
    limits: [
      limit({ MAX_FORM_BYTES }, 'bytes', 'of a request to the token endpoint', '413 `invalid_request`'),
      limit({ MAX_FORM_PARAMETERS }, 'parameters', 'of it', '400 `invalid_request`'),
      limit({ MAX_JWT_LENGTH }, 'characters', 'of a JWT', 'it is refused'),
      limit({ MAX_ASSERTION_LIFE_SECONDS }, 's', 'that an assertion of a client may still live', REFUSED),
      limit({ MAX_JTI_LENGTH }, 'characters', 'of its `jti`', REFUSED),
      limit(
        { MAX_FEDERATED_LIFE_SECONDS },
        's',
        'that a token of an identity provider may still live',
        'it is refused',
      ),
      limit({ MAX_AUDIENCES }, 'audiences', 'of such a token', 'it is refused'),
      limit({ MAX_SHARERS }, 'tenants and clients', 'with one issuer and audience', '400 `invalidValue`'),
      limit({ MAX_TOKEN_LIFE_SECONDS }, 's', 'that an access token lives', '400 `invalidValue`'),
      limit({ MAX_SECRET_LIFE_DAYS }, 'days', 'that a secret of a client is good for', '400 `invalidValue`'),
      limit({ MAX_LIVE_SECRETS }, 'secrets', 'of a client that are good at a time', '409'),
      limit({ MAX_KEYS }, 'keys', 'of a set', 'the set is refused'),
      limit({ MAX_DOCUMENT_BYTES }, 'bytes', 'of keys that are fetched', 'they count as out of reach'),
    ],
  },
  {
    title: 'Import',
    limits: [limit({ MAX_LINE_BYTES }, 'bytes', 'of a line', 'the line is refused and told; the others are imported')],
  },
  {
    title: 'Request log and audit trail',
    limits: [
      limit({ MAX_EVENTS }, 'events', 'in one answer', page(MAX_EVENTS)),
      limit({ MAX_REQUESTS }, 'requests', 'in one answer', page(MAX_REQUESTS)),
      limit(
        { MAX_NEEDLE_LENGTH },
        'characters',
        'of a text that requests are searched for',
        invalidValue(`text is "${'x'.repeat(80)}…"; send a text of 1 to ${MAX_NEEDLE_LENGTH} characters.`),
      ),
      limit(
        { MAX_DAYS },
        'days',
        'that requests are kept',
        invalidValue(`days is ${MAX_DAYS + 1}; it needs a whole number of days from 1 to ${MAX_DAYS}.`),
      ),
      limit(
        { MAX_MEGABYTES },
        'megabytes',
        'of requests that are kept of a tenant',
        invalidValue(`megabytes is ${MAX_MEGABYTES + 1}; it needs a whole number from 1 to ${MAX_MEGABYTES}.`),
      ),
    ],
  },
];
