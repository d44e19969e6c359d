import type { AttributeDefinition } from '../../schema/attribute.ts';
import type { SchemaDefinition } from '../../schema/resource-type.ts';
import { attributeAt } from './attribute.ts';
import { refusal } from './members.ts';

/**
 * Refuses with 400 what a schema can be read with and makes no sense. It is asked when a schema is registered or replaced,
 * and never of one that is stored: that has to be read whatever has come to be refused.
 */
export function checkRegistrable({ attributes }: SchemaDefinition): void {
  for (const attribute of attributes) checkSendable(attribute, attributeAt(attribute.name));
}

function checkSendable({ required, subAttributes }: AttributeDefinition, where: string): void {
  if (!required || !subAttributes?.every(({ mutability }) => mutability === 'readOnly')) return;
  throw refusal(
    where,
    'it is required and its sub-attributes are all readOnly, so that nobody could ever send the value that it must have; ' +
      'send "required": false, or another mutability of one of them.',
  );
}
