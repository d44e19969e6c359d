import { FEATURE_NAMES, FEATURES, type Feature } from '../profiles/features.ts';
import { invalidValue, notFound } from '../protocol/errors.ts';
import { abridged } from '../protocol/json.ts';
import type { JsonObject } from '../schema/json.ts';
import { inTransaction } from '../storage/database.ts';
import { lockTenant, setFeatures, type Tenant } from '../storage/tenants.ts';
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
  const switched = await inTransaction(context.db, async (tx) => {
    const locked = await lockTenant(tx, tenant.id);
    if (!locked) throw notFound(`There is no tenant "${tenant.slug}".`);
    if (locked.features.includes(feature) === on) return locked;
    const features = FEATURE_NAMES.filter((one) => (one === feature ? on : locked.features.includes(one)));
    await setFeatures(tx, tenant.id, features, context.clock());
    return { ...locked, features };
  });
  operator.tenantChanged(tenant.id);
  return switched;
}

function featureAsked(name: string): Feature {
  const found = FEATURE_NAMES.find((feature) => feature === name);
  if (found) return found;
  throw invalidValue(`There is no feature "${abridged(name)}"; the features are ${FEATURE_NAMES.join(', ')}.`);
}
