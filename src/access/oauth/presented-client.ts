import { invalidClient, invalidRequest } from './errors.ts';
import { type Form, formDecoded } from './form.ts';

/** The `client_assertion_type` of a JWT (RFC 7523 §2.2). */
export const JWT_ASSERTION = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** How a client says who it is. */
export type PresentedClient =
  | { readonly method: 'secret'; readonly clientId: string; readonly secret: string }
  | { readonly method: 'assertion'; readonly clientId: string | undefined; readonly assertion: string };

/** Reads what authenticates the client of a request: one thing, in one place (RFC 6749 §2.3, RFC 7521 §4.2). */
export function presentedClient(authorization: string | undefined, form: Form): PresentedClient {
  const named = form.get('client_id');
  const secret = form.get('client_secret');
  const assertion = form.get('client_assertion');
  const ways = [authorization, secret, assertion].filter((way) => way !== undefined);
  if (ways.length > 1) {
    throw invalidRequest(
      'The client authenticates in more than one way; send one of HTTP Basic, client_secret and client_assertion.',
    );
  }
  if (assertion !== undefined || form.has('client_assertion_type')) return fromAssertion(form, named, assertion);
  if (authorization !== undefined) return fromBasic(authorization, named);
  if (secret === undefined) throw invalidClient('nothing that authenticates a client was sent');
  if (named === undefined) throw invalidRequest('The form has a client_secret and no client_id; send both.');
  return { method: 'secret', clientId: named, secret };
}

function fromAssertion(form: Form, clientId: string | undefined, assertion: string | undefined): PresentedClient {
  if (form.get('client_assertion_type') !== JWT_ASSERTION || assertion === undefined) {
    throw invalidRequest(`A client_assertion comes with the client_assertion_type ${JWT_ASSERTION}.`);
  }
  return { method: 'assertion', clientId, assertion };
}

/** User name and password of HTTP Basic, each form-encoded before they were joined (RFC 6749 §2.3.1). */
function fromBasic(authorization: string, named: string | undefined): PresentedClient {
  const [scheme = '', text = '', ...more] = authorization.trim().split(/\s+/);
  if (scheme.toLowerCase() !== 'basic' || text === '' || more.length > 0) {
    throw invalidClient('the Authorization header is not HTTP Basic');
  }
  const decoded = Buffer.from(text, 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  const clientId = colon < 0 ? undefined : formDecoded(decoded.slice(0, colon));
  const secret = colon < 0 ? undefined : formDecoded(decoded.slice(colon + 1));
  if (clientId === undefined || secret === undefined || secret === '') {
    throw invalidClient('HTTP Basic holds no client_id and secret');
  }
  if (named !== undefined && named !== clientId) {
    throw invalidRequest('The client_id of the form is not the one of HTTP Basic; send one of them.');
  }
  return { method: 'secret', clientId, secret };
}
