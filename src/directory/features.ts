import { FEATURE_NAMES, FEATURES, type Feature } from '../profiles/features.ts';
import { invalidValue } from '../protocol/errors.ts';
import { abridged } from '../protocol/json.ts';
import type { JsonObject } from '../schema/json.ts';
import { setFeatures, type Tenant } from '../storage/tenants.ts';
import { administer } from './administration.ts';
import type { Context } from './context.ts';
import type { Operator } from './operator.ts';

/** Every feature, as commands and the admin API show it: what it is, and whether the tenant has it on. */
export function featuresOf(tenant: Tenant): JsonObject[] {
  return FEATURE_NAMES.map((name) => ({ name, on: tenant.features.includes(name), description: FEATURES[name] }));
}

/** The features of these names, each once; throws `invalidValue` naming those there are. */
export function featuresAsked(names: readonly string[]): Feature[] {
  for (const name of names) featureAsked(name);
  return FEATURE_NAMES.filter((name) => names.includes(name));
}

/** Switches a feature of the tenant on or off; what is so already stays so. */
export async function switchFeature(
  context: Context,
  operator: Operator,
  tenant: Tenant,
  name: string,
  on: boolean,
): Promise<Tenant> {
  const feature = featureAsked(name);
  return administer(context, operator, tenant, async ({ tx, tenant: locked, at }) => {
    if (locked.features.includes(feature) === on) return { result: locked };
    const features = FEATURE_NAMES.filter((one) => (one === feature ? on : locked.features.includes(one)));
    await setFeatures(tx, locked.id, features, at);
    const done = { kind: 'feature-changed', attributes: ['features'], detail: { name: feature, on } } as const;
    return { result: { ...locked, features }, done };
  });
}

function featureAsked(name: string): Feature {
  const found = FEATURE_NAMES.find((feature) => feature === name);
  if (found) return found;
  throw invalidValue(`There is no feature "${abridged(name)}"; the features are ${FEATURE_NAMES.join(', ')}.`);
}
