import { getTableName, is } from 'drizzle-orm';
import { PgTable } from 'drizzle-orm/pg-core';
import * as tables from '../../src/storage/tables.ts';

const PLACES = /\b(?:from|join|update|into|using|copy)\s+([a-z_]+)\b(?:\s+(?:as\s+)?([a-z_]+)\b)?/g;
/** Words that follow a table which has no alias. */
const NOT_ALIASES = new Set(
  [
    'where',
    'on',
    'set',
    'join',
    'inner',
    'left',
    'cross',
    'order',
    'group',
    'limit',
    'for',
    'returning',
    'union',
  ].concat(['using', 'values', 'select', 'default']),
);

/** Names of the tables in which each row belongs to a tenant. */
const TENANTS_TABLES: ReadonlySet<string> = new Set(
  Object.values(tables).flatMap((table) => (is(table, PgTable) && 'tenantId' in table ? [getTableName(table)] : [])),
);

/**
 * The places where a statement reads or writes a tenant's table without saying which tenant's: each mention of such a table
 * needs a `tenant_id = $n` of its own, bound and not taken from another row; an insert and a copy need the column.
 */
export function withoutTenant(statement: string): string[] {
  const text = statement.toLowerCase().replaceAll('"', '').replaceAll(/\s+/g, ' ');
  const found: string[] = [];
  const mentions = new Map<string, number>();
  for (const [place, table = '', word = ''] of text.matchAll(PLACES)) {
    if (!TENANTS_TABLES.has(table)) continue;
    if (place.startsWith('into') || place.startsWith('copy')) {
      const columns = /\(([^)]*)\)/.exec(text.slice(text.indexOf(place)))?.[1] ?? '';
      if (!columns.split(/,\s*/).includes('tenant_id')) found.push(place);
      continue;
    }
    const alias = word === '' || NOT_ALIASES.has(word) ? '' : word;
    // Drizzle writes the table's name before a column; a statement by hand, on one table alone, writes none.
    const name = alias === '' && text.includes(`${table}.tenant_id`) ? table : alias;
    mentions.set(name, (mentions.get(name) ?? 0) + 1);
  }
  for (const [name, count] of mentions) {
    const column = name === '' ? '(?<![.a-z_])tenant_id' : `(?<![.a-z_])${name}\\.tenant_id`;
    const predicates = text.match(new RegExp(`(?:where|and|on)[ (]+${column} = \\$\\d+`, 'g'))?.length ?? 0;
    if (predicates < count)
      found.push(`${name || 'a table without alias'}: ${count} mentions, ${predicates} predicates`);
  }
  return found;
}
