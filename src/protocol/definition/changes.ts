import type { AttributeDefinition } from '../../schema/attribute.ts';
import { namesResource } from '../../schema/comparable.ts';
import { isDerivedGroups } from '../../schema/definitions.ts';
import type { SchemaDefinition } from '../../schema/resource-type.ts';

/** What a new version of a schema asks of an attribute that resources may not give. */
export interface Demand {
  /** As it was, or as it is when it is new. */
  readonly attribute: AttributeDefinition;
  readonly sub: AttributeDefinition | undefined;
  /**
   * `no value`: values that there are would be of another kind, or belong to nothing. `a value`: every resource that
   * carries the schema needs one.
   */
  readonly needs: 'no value' | 'a value';
  /** What changes, in words. */
  readonly change: string;
}

/**
 * What a new version of a schema asks of resources that are there. Compared are the attributes by their names as they are
 * spelled, and of each its type, whether it is multi-valued, caseExact, required, and unique, and whether it refers to
 * resources: what `comparable()` depends on above all, since values are indexed as it gave them. All else may change at any
 * time: descriptions, mutability, returned, canonical values, which types are referred to; and attributes may be added.
 */
export function demandsOf(before: SchemaDefinition, after: SchemaDefinition): Demand[] {
  return demands(before.attributes, after.attributes).flatMap(({ old, now, change, needs }): Demand[] => {
    const attribute = old ?? now;
    if (change !== undefined) return attribute ? [{ attribute, sub: undefined, needs, change }] : [];
    return demands(old?.subAttributes ?? [], now?.subAttributes ?? []).flatMap((inner): Demand[] => {
      const sub = inner.old ?? inner.now;
      if (inner.change === undefined || !attribute || !sub) return [];
      return [{ attribute, sub, needs: inner.needs, change: inner.change }];
    });
  });
}

interface Compared {
  readonly old: AttributeDefinition | undefined;
  readonly now: AttributeDefinition | undefined;
  readonly needs: Demand['needs'];
  readonly change: string | undefined;
}

function demands(before: readonly AttributeDefinition[], after: readonly AttributeDefinition[]): Compared[] {
  const compared = before.map((old): Compared => {
    const now = after.find(({ name }) => name === old.name);
    const change = now ? difference(old, now) : 'it is removed';
    if (change === undefined && now?.required && !old.required) {
      return { old, now, needs: 'a value', change: 'it becomes required' };
    }
    return { old, now, needs: 'no value', change };
  });
  const added = after.filter(({ name, required }) => required && !before.some((old) => old.name === name));
  return [
    ...compared,
    ...added.map((now): Compared => ({ old: undefined, now, needs: 'a value', change: 'it is new and required' })),
  ];
}

function difference(old: AttributeDefinition, now: AttributeDefinition): string | undefined {
  if (old.type !== now.type) return `its type changes from ${old.type} to ${now.type}`;
  if (old.multiValued !== now.multiValued) return `it becomes ${now.multiValued ? 'multi-valued' : 'single-valued'}`;
  if (old.caseExact !== now.caseExact) return `caseExact becomes ${now.caseExact}`;
  if (namesResource(old) !== namesResource(now)) {
    return `its referenceTypes ${namesResource(now) ? 'come to' : 'no longer'} name resource types`;
  }
  if (old.uniqueness === 'none' && now.uniqueness !== 'none') return `its uniqueness becomes ${now.uniqueness}`;
  if (isDerivedGroups(old) !== isDerivedGroups(now)) return 'it changes between sent values and group memberships';
  return undefined;
}

/** An attribute or sub-attribute that a new version of a schema makes unique. */
export type UniquePart = Pick<Demand, 'attribute' | 'sub'>;

/** What is unique by the new version and was not by the one before. */
export function becomingUnique(before: SchemaDefinition, after: SchemaDefinition): UniquePart[] {
  const earlier = uniqueParts(before).map(nameOf);
  return uniqueParts(after).filter((part) => !earlier.includes(nameOf(part)));
}

function uniqueParts({ attributes }: SchemaDefinition): UniquePart[] {
  return attributes
    .flatMap((attribute): UniquePart[] => [
      { attribute, sub: undefined },
      ...(attribute.subAttributes ?? []).map((sub) => ({ attribute, sub })),
    ])
    .filter(({ attribute, sub }) => (sub ?? attribute).uniqueness !== 'none');
}

function nameOf({ attribute, sub }: UniquePart): string {
  return `${attribute.name}.${sub?.name ?? ''}`.toLowerCase();
}
