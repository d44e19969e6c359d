import { BinaryRows, uuidBytes } from './binary-rows.ts';
import { copyIn } from './copy-in.ts';
import type { Database } from './handle.ts';
import type { AttributeValue } from './index-values.ts';

/** From how many resources on their values are copied in: for fewer the statement more costs what the copy saves. */
export const COPIED_FROM = 32;

const COLUMNS = ['tenant_id', 'attribute', 'value', 'resource_id', 'element', 'tag', 'full_value'];
/** What most rows have at most, so that the rows are seldom moved to a larger place. */
const EXPECTED_BYTES = 128;

/** The indexed values of a resource. */
export interface Owned {
  readonly id: string;
  readonly values: readonly AttributeValue[];
}

/** Stores the values of new resources, in the transaction that stores these. */
export async function copyValues(tx: Database, tenantId: string, owned: readonly Owned[]): Promise<void> {
  const count = owned.reduce((sum, { values }) => sum + values.length, 0);
  if (count === 0) return;
  const out = new BinaryRows(count * EXPECTED_BYTES);
  const tenant = uuidBytes(tenantId);
  for (const { id, values } of owned) {
    const owner = uuidBytes(id);
    for (const { attribute, value, element, tag, fullValue } of values) {
      out.row(COLUMNS.length).uuid(tenant).int(attribute).text(value).uuid(owner).smallint(element);
      out.text(tag).text(fullValue);
    }
  }
  await copyIn(tx, 'attribute_values', COLUMNS, out.finished());
}
