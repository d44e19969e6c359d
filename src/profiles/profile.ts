import { type Static, Type } from '@sinclair/typebox';

/** What a tenant pays for, the smallest first; some features are had from a plan on. */
export const PLANS = ['free', 'starter', 'pro', 'enterprise'] as const;
/** The name of a plan. */
export type Plan = (typeof PLANS)[number];

/** What becomes of a change of a user: it is done at once, or a person does it. */
export const PROVISIONINGS = ['direct', 'manual'] as const;

const Plan = Type.Union(PLANS.map((plan) => Type.Literal(plan)));

/** The REST surfaces that there are beside SCIM, by the file of `routes/vendors/` that serves them: a path to begin with. */
export const REST_SURFACES = {
  'modern-treasury': '/api/users',
  messagebird: '/users',
  modzy: '/api/accounting/accounts',
} as const;
/** The name of a REST surface. */
export type RestSurface = keyof typeof REST_SURFACES;
const REST_NAMES = Object.keys(REST_SURFACES) as RestSurface[];

/** How a credential is sent: the scheme of the Authorization header. */
export const CREDENTIAL_SCHEMES = ['bearer', 'basic', 'access-key', 'api-key'] as const;
/** The name of a credential scheme. */
export type CredentialScheme = (typeof CREDENTIAL_SCHEMES)[number];

/** Largest page that a profile may allow: each is held in memory as a whole. */
export const LARGEST_PAGE = 10_000;

/** Highest limit of requests a second; whoever needs more needs none. */
export const MAX_REQUESTS_PER_SECOND = 1_000_000;

const perSecond = (plan: string) =>
  Type.Union([Type.Integer({ minimum: 1, maximum: MAX_REQUESTS_PER_SECOND }), Type.Null()], {
    description: `Requests a second on the plan ${plan}`,
  });

/** Longest name of a role that keys can have. */
export const MAX_KEY_ROLE_LENGTH = 64;
/** Most roles that keys can have. */
export const MAX_KEY_ROLES = 100;
/** Written in headers and answers as it is. */
const KeyRole = Type.String({ pattern: `^[A-Za-z][A-Za-z0-9_-]{0,${MAX_KEY_ROLE_LENGTH - 1}}$` });

const switches = (description: string) => Type.Boolean({ description });

const Operations = Type.Object(
  {
    create: switches('POST'),
    read: switches('GET of one resource'),
    search: switches('GET of the list'),
    replace: switches('PUT'),
    patch: switches('PATCH'),
    delete: switches('DELETE'),
  },
  { additionalProperties: false },
);

/**
 * A dialect of SCIM: how a tenant's surface deviates from RFC 7643 and 7644. Every key is a named flag that code reads;
 * no code outside this folder and `routes/vendors/` reads a profile's name.
 */
export const Profile = Type.Object(
  {
    name: Type.String({ description: 'Name of the profile' }),
    title: Type.String({ description: 'What it is, in one line' }),
    addressBy: Type.Union([Type.Literal('id'), Type.Literal('id-or-externalId')], {
      description: 'What the path of a resource may hold; the id always wins',
    }),
    invalidInputStatus: Type.Union([Type.Literal(400), Type.Literal(422)], {
      description: 'Status of a well-formed message whose content is refused',
    }),
    roles: Type.Union([Type.Literal('open'), Type.Literal('named')], {
      description: "Whether `roles` takes any value (RFC 7643) or the tenant's role names only",
    }),
    rolesOut: Type.Union([Type.Literal('object'), Type.Literal('names'), Type.Literal('rfc')], {
      description: 'Shape in which named roles are shown: object of booleans, array of names, or RFC array',
    }),
    protectOwner: Type.Union([Type.Literal('delete'), Type.Literal('delete-and-deactivate')], {
      description: "What a SCIM client may not do to the tenant's owner",
    }),
    operations: Type.Object(
      {
        User: Operations,
        Group: Operations,
        bulk: switches('/Bulk'),
        me: switches('/Me, for tokens that are bound to a user'),
        search: switches('/.search, and GET of the base URI over all resource types'),
      },
      { additionalProperties: false, description: 'What is offered; the rest is answered 501' },
    ),
    scim: switches('SCIM at all; without it every SCIM path is 404'),
    scimFromPlan: Type.Union(Plan.anyOf, { description: 'Smallest plan with SCIM; below it every request is 403' }),
    uniqueEmails: switches('No two users have the same e-mail address'),
    invitations: switches(
      'Users made over REST are invited: not active until they accept. SCIM shows the status of each user and the reason for it',
    ),
    teams: switches(
      'Groups are teams: a group has an administrator, and a user the source that the account comes from, in extensions',
    ),
    keyRoles: Type.Object(
      {
        names: Type.Array(KeyRole, {
          maxItems: MAX_KEY_ROLES,
          description: 'Roles that a key of the REST surface can have',
        }),
        ofOrganization: Type.Array(KeyRole, {
          maxItems: MAX_KEY_ROLES,
          description: 'Roles of a key of the organization that is issued without naming any',
        }),
      },
      { additionalProperties: false },
    ),
    rest: Type.Union([Type.Null(), ...REST_NAMES.map((name) => Type.Literal(name))], {
      description: 'REST surface beside SCIM',
    }),
    restScheme: Type.Union(
      CREDENTIAL_SCHEMES.map((scheme) => Type.Literal(scheme)),
      { description: 'How the credentials of the REST surface are sent; those of SCIM are bearer tokens' },
    ),
    environments: switches('A sandbox beside the live data, each with credentials of its own'),
    provisioning: Type.Union(
      PROVISIONINGS.map((one) => Type.Literal(one)),
      {
        description: 'Whether a change of a user is done at once or waits as a task for a person',
      },
    ),
    rateLimit: Type.Object(
      {
        perSecond: Type.Object(
          {
            free: perSecond('free'),
            starter: perSecond('starter'),
            pro: perSecond('pro'),
            enterprise: perSecond('enterprise'),
          },
          { additionalProperties: false },
        ),
        per: Type.Union([Type.Literal('tenant'), Type.Literal('credential')], {
          description: 'Whose requests are counted together: all of a tenant, or those of each of its credentials',
        }),
        headers: switches('Answers tell the limit and what is left of it'),
        retryAfter: switches('A 429 tells in Retry-After when to come again'),
      },
      { additionalProperties: false },
    ),
    paging: Type.Object(
      {
        defaultCount: Type.Integer({
          minimum: 1,
          maximum: LARGEST_PAGE,
          description: 'Resources in a page when no count is asked for',
        }),
        maxCount: Type.Integer({
          minimum: 1,
          maximum: LARGEST_PAGE,
          description: 'Most resources in a page; a larger count is clamped',
        }),
      },
      { additionalProperties: false },
    ),
    quirks: Type.Record(Type.String(), Type.Boolean(), {
      description: 'Tolerances and demands that this dialect switches on or off whatever the grade',
    }),
  },
  { additionalProperties: false },
);
export type Profile = Static<typeof Profile>;

/** What is taken from clients beside what the RFCs let them send, or instead; orthogonal to the profile. See `grades.ts`. */
export type Grade = 'lenient' | 'strict' | 'interop';
/** Every grade there is. */
export const GRADES: readonly Grade[] = ['lenient', 'strict', 'interop'];
