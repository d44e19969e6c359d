/** The names that an object has from its prototypes, which a key from outside could reach. */
export function inherited(object: unknown): (string | symbol)[] {
  const names: (string | symbol)[] = [];
  let prototype: unknown = Object.getPrototypeOf(object);
  for (; prototype !== null; prototype = Object.getPrototypeOf(prototype)) {
    names.push(...Reflect.ownKeys(prototype as object));
    // What could be added to it later would be inherited then.
    if (!Object.isFrozen(prototype)) names.push('anything');
  }
  return names;
}
