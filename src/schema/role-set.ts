import { type AttributeDefinition, attribute, complex, type RoleSetDefinition } from './attribute.ts';
import { emptyObject, isObject, type JsonValue } from './json.ts';

const DESCRIPTION = "The user's roles, out of those that the tenant has.";

/** The `roles` attribute of a tenant whose roles are a closed set, in the shape in which they are shown. */
export function roleSetAttribute(roleSet: RoleSetDefinition): AttributeDefinition {
  const given = { roleSet, defaultValue: roleSetValue(roleSet, new Set(roleSet.defaults)) };
  switch (roleSet.shape) {
    case 'object':
      return complex(
        'roles',
        DESCRIPTION,
        roleSet.names.map((name) => attribute(name, `Whether the user has the role ${name}.`, { type: 'boolean' })),
        given,
      );
    case 'names':
      return attribute('roles', DESCRIPTION, { multiValued: true, canonicalValues: roleSet.names, ...given });
    case 'rfc':
      return complex(
        'roles',
        DESCRIPTION,
        [attribute('value', 'Name of the role.', { canonicalValues: roleSet.names })],
        { multiValued: true, ...given },
      );
  }
}

/** The roles in `held`, in the shape in which the tenant shows them. */
export function roleSetValue(roleSet: RoleSetDefinition, held: ReadonlySet<string>): JsonValue {
  if (roleSet.shape === 'object') {
    const value = emptyObject();
    for (const name of roleSet.names) value[name] = held.has(name);
    return value;
  }
  const names = roleSet.names.filter((name) => held.has(name));
  return roleSet.shape === 'names' ? names : names.map((name) => Object.assign(emptyObject(), { value: name }));
}

/** The roles that a stored value of the attribute says are held. */
export function rolesHeld(roleSet: RoleSetDefinition, value: JsonValue | undefined): Set<string> {
  if (isObject(value)) return new Set(roleSet.names.filter((name) => value[name] === true));
  if (!Array.isArray(value)) return new Set();
  const names = value.map((element) => (isObject(element) ? element.value : element));
  return new Set(roleSet.names.filter((name) => names.includes(name)));
}
