/** What each client sends with every request. */
type Headers = Readonly<Record<string, string>>;

const BEARER = { Authorization: 'Bearer {{token}}' };

/** Okta's provisioning agent: the content type comes with GET and DELETE too. */
export const OKTA: Headers = {
  'User-Agent': 'Okta SCIM Client 1.0.0',
  ...BEARER,
  Accept: 'application/scim+json',
  'Content-Type': 'application/scim+json; charset=utf-8',
  'Accept-Encoding': 'gzip,deflate',
};

/** GETs of Okta's Runscope collections. */
export const OKTA_SPEC_GET: Headers = {
  'User-Agent': 'OKTA SCIM Integration',
  ...BEARER,
  Accept: 'application/scim+json',
  'Accept-Charset': 'utf-8',
  'Content-Type': 'application/scim+json; charset=utf-8',
};

/** POSTs of Okta's Runscope collections. */
export const OKTA_SPEC_POST: Headers = {
  ...BEARER,
  Accept: 'application/scim+json; charset=utf-8',
  'Content-Type': 'application/json',
};

/** Entra's provisioning service; it may send no User-Agent. */
export const ENTRA: Headers = { ...BEARER, Accept: 'application/scim+json' };

/** Entra's requests with a body. */
export const ENTRA_WRITE: Headers = { ...ENTRA, 'Content-Type': 'application/scim+json; charset=utf-8' };

/** Postman, as Microsoft's collection is run with it. */
export const POSTMAN: Headers = {
  ...BEARER,
  'User-Agent': 'PostmanRuntime/7.39.0',
  Accept: '*/*',
  'Content-Type': 'application/scim+json',
};

/** authentik's SCIM provider. */
export const AUTHENTIK: Headers = {
  ...BEARER,
  'User-Agent': 'authentik@2025.6.3',
  Accept: 'application/scim+json',
  'Content-Type': 'application/scim+json',
};

/** Clients that speak plain JSON, with the content type also where there is no body: OneLogin. */
export const PLAIN_JSON: Headers = { ...BEARER, Accept: 'application/json', 'Content-Type': 'application/json' };

/** Keycloak's plugin with the content type that its guide sets. */
export const KEYCLOAK: Headers = { ...BEARER, Accept: 'application/scim+json', 'Content-Type': 'application/json' };

/** SailPoint's SCIM 2.0 connector with its defaults. */
export const SAILPOINT: Headers = {
  ...BEARER,
  Accept: 'application/scim+json',
  'Content-Type': 'application/scim+json',
};

/** The least that a client can send. */
export const BARE: Headers = { ...BEARER };

/** The least that a client can send with a body. */
export const BARE_WRITE: Headers = { ...BEARER, 'Content-Type': 'application/scim+json' };
