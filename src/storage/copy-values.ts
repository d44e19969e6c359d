import type { JsonObject } from '../schema/json.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import { BinaryRows, uuidBytes } from './binary-rows.ts';
import { copyIn } from './copy-in.ts';
import type { Database } from './handle.ts';
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

/** Stores the indexed values of new resources, in the transaction that stores these. */
export async function copyValues(tx: Database, tenantId: string, owners: readonly Owner[]): Promise<void> {
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
  if (count > 0) await copyIn(tx, 'attribute_values', COLUMNS, out.finished());
}
