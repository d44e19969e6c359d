import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import type { Import } from '../storage/imports.ts';
import type { Context, Scope } from './context.ts';
import type { Referring } from './import-references.ts';
import type { Scan } from './import-scan.ts';

/** What becomes of a line whose resource the tenant has already. */
export const CONFLICT_CHOICES = ['refuse', 'skip', 'replace'] as const;
export type OnConflict = (typeof CONFLICT_CHOICES)[number];

/** An import under way. */
export interface Run {
  readonly context: Context;
  readonly scope: Scope;
  readonly import: Import;
  readonly scan: Scan;
  readonly onConflict: OnConflict;
  readonly referring: (type: ResourceTypeDefinition) => Referring;
}
