import type { ResourceTypeDefinition } from './resource-type.ts';

/** What is made of a type, once for each: types live as long as their tenant's dialect, and each request asks several times. */
export function perType<Made>(make: (type: ResourceTypeDefinition) => Made): (type: ResourceTypeDefinition) => Made {
  const known = new WeakMap<ResourceTypeDefinition, Made>();
  return (type) => {
    const found = known.get(type);
    if (found !== undefined) return found;
    const made = make(type);
    known.set(type, made);
    return made;
  };
}
