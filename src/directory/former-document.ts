import { ScimError } from '../protocol/errors.ts';
import { fittingDocument } from '../protocol/fitting.ts';
import { checkDocument, missingPart } from '../protocol/validate.ts';
import type { JsonObject } from '../schema/json.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import type { Scope } from './context.ts';

/**
 * What was once stored, without what the tenant's schemas have lost meanwhile. 409 when they ask for more by now than what is
 * left has.
 */
export function formerDocument({ dialect }: Scope, type: ResourceTypeDefinition, document: JsonObject): JsonObject {
  const former = fittingDocument(type, document, dialect.quirks);
  const absent = missingPart(type, former);
  if (absent !== undefined)
    throw contradicted(`"${absent}" is required by now, and the ${type.name} has no value for it`);
  try {
    checkDocument(type, former);
  } catch (error) {
    if (error instanceof ScimError) throw contradicted(error.detail.replace(/\.$/, ''));
    throw error;
  }
  return former;
}

function contradicted(why: string): ScimError {
  return new ScimError(
    409,
    `What was before the change does not fit the schemas of today: ${why}. Do the task, or replace the schema by one that takes it.`,
  );
}
