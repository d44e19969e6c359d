// The characters of RFC 3986 §2, percent signs only before two hexadecimal digits.
const CHARACTERS = /^(?:[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})+$/;
const SCHEME = /^([^/?#:]*):/;
const SCHEME_NAME = /^[A-Za-z][A-Za-z0-9+.-]*$/;
// Square brackets stand around the address of a host only (§3.2.2).
const HOST = /^[^?#]*?\/\/(?:[^/?#[\]]*@)?\[[0-9A-Fa-f:.vV]+\]/;

/** Whether the text is a URI or a relative reference by the syntax of RFC 3986 §4.1; what it names is not looked at. */
export function isUriReference(text: string): boolean {
  if (!CHARACTERS.test(text) || text.indexOf('#') !== text.lastIndexOf('#')) return false;
  const scheme = SCHEME.exec(text)?.[1];
  // §4.2: a colon in the first segment of a path would be read as the end of a scheme.
  if (scheme !== undefined && !SCHEME_NAME.test(scheme)) return false;
  return !/[[\]]/.test(text.replace(HOST, ''));
}
