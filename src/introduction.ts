import { SCHEME_FORMS } from './access/schemes.ts';
import { profileOf } from './access/tenant-profile.ts';
import type { Beginning } from './bootstrap.ts';
import { columns } from './columns.ts';
import type { Tenant } from './directory/tenants.ts';
import { SCIM_PATH } from './http/base-url.ts';
import { type CredentialScheme, REST_SURFACES } from './profiles/profile.ts';

/** Where a server is, and how its commands are typed. */
export interface Place {
  /** Such as `http://localhost:8080`. */
  readonly origin: string;
  /** Where the data is kept, in words. */
  readonly data: string;
  /** A command as it is typed, from its words such as `tenant list`. */
  readonly command: (words: string) => string;
  readonly embedded: boolean;
}

/** Most tenants that are listed at a start. */
const LISTED = 20;

/** What a server prints when it has started: where its tenants are, and how to go on from there. */
export function introduction(place: Place, beginning: Beginning): string {
  const lines = ['', `Rollcall serves ${place.origin}/scim/v2`, `Data: ${place.data}`, '', ...body(place, beginning)];
  return `${lines.join('\n')}\n\n`;
}

function body(place: Place, beginning: Beginning): string[] {
  switch (beginning.kind) {
    case 'made':
      return made(place, beginning);
    case 'found':
      return found(place, beginning);
    case 'empty':
      return [
        'There is no tenant yet. Make one, and a token for it:',
        `  ${place.command('tenant create acme --profile role-object')}`,
        `  ${place.command('token issue acme')}`,
      ];
  }
}

function made(place: Place, { tenants, adminToken }: Extract<Beginning, { kind: 'made' }>): string[] {
  const ways = tenants.flatMap(({ tenant, ways: own }) => own.map((way) => ({ tenant, ...way })));
  return [
    ...columns(
      ['Profile', 'Base URL', 'Token or key'],
      ways.map(({ tenant, api, token }) => [tenant.profile, `${place.origin}${basePath(api)}`, token]),
    ),
    '',
    'The token or key picks the tenant. Paste one to see its users:',
    ...ways.map(({ tenant, api, token, credential }) => {
      const url = `${place.origin}${samplePath(tenant, api)}`;
      return `  ${curl(credential.scheme, token, url, tenant.sandboxOf ?? tenant.id)}`;
    }),
    '',
    ...without(tenants),
    'Administration (tenants, tokens, owners, roles) has a token of its own:',
    `  ${curl('bearer', adminToken, `${place.origin}/admin/tenants`)}`,
    '',
    'These tokens are shown only now. A new one is issued by',
    ...howToIssue(place, tenants[0]?.tenant.slug ?? ''),
  ];
}

/** Says of profiles that nothing can be pasted for why that is. */
function without(tenants: Extract<Beginning, { kind: 'made' }>['tenants']): string[] {
  const names = tenants.filter(({ ways }) => ways.length === 0).map(({ tenant }) => tenant.profile);
  return names.length === 0
    ? []
    : [`Without any API, as what it stands for: ${names.join(', ')}. See docs/bridge.md.`, ''];
}

function basePath(api: 'scim' | 'rest'): string {
  return api === 'scim' ? SCIM_PATH : '';
}

function samplePath(tenant: Tenant, api: 'scim' | 'rest'): string {
  const { rest } = profileOf(tenant);
  return api === 'scim' || rest === null ? `${SCIM_PATH}/Users` : REST_SURFACES[rest];
}

function found(place: Place, { tenants }: Extract<Beginning, { kind: 'found' }>): string[] {
  const base = `${place.origin}/scim/v2`;
  const more = tenants.length - LISTED;
  return [
    ...columns(
      ['Tenant', 'Profile', 'Base URL'],
      tenants.slice(0, LISTED).map(({ slug, profile }) => [slug, profile, base]),
    ),
    ...(more > 0 ? [`and ${more} more: ${place.command('tenant list')}`] : []),
    '',
    'Tokens are shown only when they are issued. A new one is issued by',
    ...howToIssue(place, tenants[0]?.slug ?? ''),
  ];
}

function howToIssue(place: Place, slug: string): string[] {
  const url = `${place.origin}/admin/tenants/${slug}/tokens`;
  const post = '-X POST -H "Content-Type: application/json" -d "{}"';
  return [
    `  ${place.command(`token issue ${slug}`)}${place.embedded ? '   (while this server is stopped)' : ''}`,
    `  curl -s ${post} -H "Authorization: Bearer ADMIN_TOKEN" ${url}`,
  ];
}

// Double quotes, so that the line can be pasted into any shell; a token holds nothing that a shell would expand.
function curl(scheme: CredentialScheme, token: string, url: string, organization = ''): string {
  if (scheme === 'basic') return `curl -s -u ${organization}:${token} ${url}`;
  return `curl -s -H "Authorization: ${SCHEME_FORMS[scheme].name} ${token}" ${url}`;
}
