import type { JsonObject } from '../schema/json.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import { BinaryRows, uuidBytes } from './binary-rows.ts';
import type { CopiedRows } from './copy-in.ts';
import { indexValues } from './index-values.ts';

const COLUMNS = ['tenant_id', 'attribute', 'value', 'resource_id', 'element', 'tag', 'full_value'];
/** What those of most resources have at most, so that the rows are seldom moved to a larger place. */
const EXPECTED_BYTES = 4096;

/** Whose values are stored. */
export interface Owner {
  readonly id: string;
  readonly type: ResourceTypeDefinition;
  readonly document: JsonObject;
}

/** The indexed values of new resources as rows, to be copied in. */
export function valueRows(tenantId: string, owners: readonly Owner[]): CopiedRows {
  const out = new BinaryRows(owners.length * EXPECTED_BYTES);
  const tenant = uuidBytes(tenantId);
  let count = 0;
  for (const { id, type, document } of owners) {
    const owner = uuidBytes(id);
    const values = indexValues(type, document);
    count += values.length;
    for (const { attribute, value, element, tag, fullValue } of values) {
      out.row(COLUMNS.length).uuid(tenant).int(attribute).text(value).uuid(owner).smallint(element);
      out.text(tag).text(fullValue);
    }
  }
  return { table: 'attribute_values', columns: COLUMNS, bytes: out.finished(), count };
}
