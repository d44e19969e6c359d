import type { Profile } from '../profiles/profile.ts';
import { ScimError } from '../protocol/errors.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import type { Scope } from './context.ts';

type Switches = Profile['operations']['User'];

/** What can be done to resources of a type, as profiles name it. */
export type OperationName = keyof Switches;

const METHODS: Readonly<Record<OperationName, string>> = {
  create: 'POST',
  read: 'GET',
  search: 'GET',
  replace: 'PUT',
  patch: 'PATCH',
  delete: 'DELETE',
};

/** Refuses with 501 what the tenant's profile does not offer. */
export function requireOffered({ dialect }: Scope, type: ResourceTypeDefinition, operation: OperationName): void {
  const { name, operations } = dialect.profile;
  const switches = (operations as Readonly<Record<string, Switches | boolean>>)[type.name];
  if (typeof switches !== 'object' || switches[operation]) return;
  throw new ScimError(501, `The profile ${name} does not offer ${METHODS[operation]} of ${type.endpoint}.`);
}
