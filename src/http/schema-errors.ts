import { invalidParameter, invalidValue } from '../protocol/errors.ts';

interface Mismatch {
  readonly instancePath: string;
  readonly message?: string;
}

/** The error of a request that does not fit the schema of its route. */
export function schemaError(mismatches: readonly Mismatch[], part: string): Error {
  const [first = { instancePath: '' }] = mismatches;
  if (part === 'body' && first.instancePath === '' && first.message === 'Expected object')
    return invalidValue('The body is missing, or it is no JSON object; send a JSON object.');
  const name = first.instancePath.slice(1).replaceAll('/', '.');
  // Parameters are text of any kind to their schema, so not to fit means to be an array: the parameter was repeated. Which
  // text it may be is for the route to say, which can name what there is.
  if (part === 'querystring' && first.message === 'Expected string')
    return invalidParameter(`The parameter ${name} was sent more than once; send it once.`);
  const what = name === '' ? `The ${part}` : name;
  return invalidValue(
    PLAINLY[first.message ?? '']?.(what) ?? `${what} does not fit: ${first.message ?? 'wrong value'}.`,
  );
}

/** What the validator says of a member that is missing or not wanted, in words that say what to do. */
const PLAINLY: Readonly<Record<string, (what: string) => string>> = {
  'Expected required property': (what) => `${what} is missing; send it.`,
  'Unexpected property': (what) => `${what} is not known here; leave it out.`,
};
