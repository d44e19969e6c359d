import type { FastifyRequest } from 'fastify';
import { encodingError } from '../../http/percent-encoding.ts';
import { invalidParameter } from '../../protocol/errors.ts';
import { abridged } from '../../protocol/json.ts';

/**
 * The parameters of a request whose API has these and no others. Another one is refused, with what is said of it in
 * `instead` if anything is: a filter that is passed over in silence looks as if it had selected everything.
 */
export function parametersOf<Name extends string>(
  request: FastifyRequest,
  names: readonly Name[],
  instead: Readonly<Record<string, string>> = {},
): { readonly [N in Name]?: string } {
  const query = request.query as Readonly<Record<string, unknown>>;
  const known = names.length > 0 ? `the parameters are ${names.join(', ')}` : 'there are none';
  for (const [name, value] of Object.entries(query)) {
    if (!names.some((one) => one === name)) {
      const hint = Object.hasOwn(instead, name) ? instead[name] : known;
      throw invalidParameter(`There is no parameter "${abridged(name)}" here; ${hint}.`);
    }
    if (typeof value !== 'string')
      throw invalidParameter(`The parameter ${name} was sent more than once; send it once.`);
    if (value === '') throw invalidParameter(`The parameter ${name} has no value; send one, or leave it out.`);
  }
  const error = encodingError(request, names);
  if (error) throw error;
  return query as { readonly [N in Name]?: string };
}

/** The whole number in a parameter, which must be within the limits; undefined where it was not sent. */
export function wholeNumberIn(
  name: string,
  text: string | undefined,
  { least, most }: { readonly least: number; readonly most: number },
): number | undefined {
  if (text === undefined) return undefined;
  const number = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw invalidParameter(`The parameter ${name} is "${abridged(text)}"; send a whole number from ${least} to ${most}.`);
}
