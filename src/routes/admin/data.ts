import { type Static, Type } from '@fastify/type-provider-typebox';
import { invalidParameter } from '../../protocol/errors.ts';
import { abridged } from '../../protocol/json.ts';

/** The parameter of removals that says what becomes of the data. */
export const Removing = Type.Object({ data: Type.Optional(Type.String()) });

/** Whether the data is to be deleted with what describes it; nothing else can be said, and without it data is kept. */
export function saysDelete({ data }: Static<typeof Removing>): boolean {
  if (data === undefined || data === 'delete') return data === 'delete';
  throw invalidParameter(`The parameter data is "${abridged(data)}"; send data=delete, or leave it out.`);
}
