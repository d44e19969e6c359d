import { invalidRequest } from './errors.ts';

/** Most bytes of a request to the token endpoint: room for the longest assertion, percent-encoded. */
export const MAX_FORM_BYTES = 32 * 1024;
/** Most parameters of a form. */
export const MAX_FORM_PARAMETERS = 32;

/** The parameters of a request to the token endpoint. */
export type Form = ReadonlyMap<string, string>;

/**
 * Reads `application/x-www-form-urlencoded`. Parameters without a value count as left out, and none may come twice
 * (RFC 6749 §3.2).
 */
export function parseForm(text: string): Form {
  const pairs = text.split('&', MAX_FORM_PARAMETERS + 1);
  if (pairs.length > MAX_FORM_PARAMETERS) {
    throw invalidRequest(`The form has more than ${MAX_FORM_PARAMETERS} parameters.`);
  }
  const form = new Map<string, string>();
  for (const pair of pairs) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = formDecoded(equals < 0 ? pair : pair.slice(0, equals));
    const value = equals < 0 ? '' : formDecoded(pair.slice(equals + 1));
    if (name === undefined || value === undefined) {
      throw invalidRequest('The form has a percent sign that begins no percent-encoded UTF-8.');
    }
    if (form.has(name)) throw invalidRequest(`The form has the parameter ${shown(name)} twice; send it once.`);
    form.set(name, value);
  }
  for (const [name, value] of form) if (value === '') form.delete(name);
  return form;
}

/** The text that is form-encoded, or undefined where it is no encoding of any. */
export function formDecoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

// A name may be a secret that was pasted in the wrong place.
const NAME = /^[a-z_]{1,40}$/;

function shown(name: string): string {
  return NAME.test(name) ? name : 'of some name';
}
