import { type AttributeDefinition, isHidden } from '../../schema/attribute.ts';
import { COMMON_ATTRIBUTES } from '../../schema/common.ts';
import { publishedTypes, type Registry, resolveAttribute } from '../../schema/registry.ts';
import type { ResourceTypeDefinition } from '../../schema/resource-type.ts';

/** Names that hold secrets whatever a schema says of them, in lower case: the name of a member holds one of these. */
export const SECRET_WORDS = ['password', 'passwd', 'passphrase', 'secret', 'token', 'apikey', 'api_key', 'api-key'];

/** What is not to be kept of messages, by names in lower case: of an attribute all, or some of its sub-attributes. */
export interface RedactionRules {
  /** Attributes of which nothing is kept. */
  readonly whole: ReadonlySet<string>;
  /** Sub-attributes that are not kept, by their attribute. */
  readonly subs: ReadonlyMap<string, ReadonlySet<string>>;
  /** Every name above, without sub-attributes: a text that holds none of them needs no second look. */
  readonly mentions: readonly string[];
  /** Names of attributes and sub-attributes of the tenant, which are nobody's values. */
  readonly known: ReadonlySet<string>;
  /** Whether anything is asked for beyond what no answer ever shows. */
  readonly beyondHidden: boolean;
  /** Verdicts that were given already: the same names come again and again. */
  readonly given: Map<string, Verdict>;
}

/** Most verdicts that are remembered: names come from outside. */
const MAX_GIVEN = 1000;

/**
 * The rules of a tenant: what its schemas never return (RFC 7643 §7), and what it wants redacted beside, as paths. Names count
 * wherever they stand, with or without URN: a message that is wrong may have them anywhere.
 */
export function redactionRules(registry: Registry, configured: readonly string[] = []): RedactionRules {
  const whole = new Set<string>();
  const subs = new Map<string, Set<string>>();
  const add = (attribute: AttributeDefinition, sub?: AttributeDefinition) => {
    const name = attribute.name.toLowerCase();
    if (!sub) whole.add(name);
    else subs.set(name, (subs.get(name) ?? new Set()).add(sub.name.toLowerCase()));
  };
  for (const type of publishedTypes(registry)) {
    for (const attribute of attributesIn(type)) {
      if (isHidden(attribute)) add(attribute);
      for (const sub of attribute.subAttributes ?? []) if (isHidden(sub)) add(attribute, sub);
    }
    for (const path of configured) {
      const found = resolveAttribute(type, path, { searchExtensions: true });
      if (found) add(found.attribute, found.sub);
    }
  }
  const mentions = [...new Set([...whole, ...subs.keys()])];
  return { whole, subs, mentions, known: namesKnown(registry), beyondHidden: configured.length > 0, given: new Map() };
}

function namesKnown(registry: Registry): ReadonlySet<string> {
  const attributes = publishedTypes(registry).flatMap((type) => [...COMMON_ATTRIBUTES, ...attributesIn(type)]);
  const all = attributes.flatMap((attribute) => [attribute, ...(attribute.subAttributes ?? [])]);
  return new Set(all.map(({ name }) => name.toLowerCase()));
}

function attributesIn(type: ResourceTypeDefinition): readonly AttributeDefinition[] {
  return [type.schema, ...type.extensions.map(({ schema }) => schema)].flatMap(({ attributes }) => attributes);
}

/** The path of the attribute that a tenant wants redacted, spelled as its schemas do; undefined where there is none. */
export function redactable(registry: Registry, path: string): string | undefined {
  for (const type of publishedTypes(registry)) {
    const found = resolveAttribute(type, path, { searchExtensions: true });
    if (found) return found.path;
  }
  return undefined;
}

/** What a name or a path says about the value that belongs to it. */
export type Verdict =
  /** Nothing of it is kept. */
  | 'redacted'
  /** It holds a secret by its name; what is no secret in any case (null, true, false) is kept. */
  | 'secret'
  /** Of its members some may not be kept: it is the value of that attribute. */
  | { readonly attribute: string }
  | undefined;

/** The verdict on a member of that name, or on the value of that PATCH path, in any spelling. */
export function verdictOn(rules: RedactionRules, path: string, parent = ''): Verdict {
  const key = `${parent} ${path}`;
  const known = rules.given.get(key);
  if (known !== undefined || rules.given.has(key)) return known;
  const verdict = judged(rules, path, parent);
  if (rules.given.size < MAX_GIVEN) rules.given.set(key, verdict);
  return verdict;
}

function judged(rules: RedactionRules, path: string, parent: string): Verdict {
  const { attribute, sub } = namesIn(path);
  if (rules.whole.has(attribute) || (sub !== undefined && rules.whole.has(sub))) return 'redacted';
  if (sub !== undefined && rules.subs.get(attribute)?.has(sub)) return 'redacted';
  if (rules.subs.get(parent)?.has(attribute)) return 'redacted';
  if (SECRET_WORDS.some((word) => attribute.includes(word) || sub?.includes(word))) return 'secret';
  return rules.subs.has(attribute) ? { attribute } : undefined;
}

/** Whether a text names an attribute of which something is not kept, or what holds secrets by its name. */
export function mentionsRedacted(rules: RedactionRules, text: string): boolean {
  const lower = text.toLowerCase();
  return rules.mentions.some((name) => lower.includes(name)) || SECRET_WORDS.some((word) => lower.includes(word));
}

/** Whether the JSON text of a message may hold anything that is not to be kept: what a name stands for may follow a filter. */
export function mayHoldRedacted(rules: RedactionRules, json: string): boolean {
  return mentionsRedacted(rules, json) || NAME_AND_BRACKET.test(json);
}

// `pass[…]word` names what `password` does, see `namesIn`. The brackets of arrays follow no name.
const NAME_AND_BRACKET = /[\w$-]\[/;

/** `urn:…:User:emails[type eq "work"].value` → `emails` and `value`, in lower case. */
function namesIn(path: string): { attribute: string; sub: string | undefined } {
  const lower = path.trim().toLowerCase();
  const open = lower.indexOf('[');
  const close = lower.lastIndexOf(']');
  const bare = open === -1 ? lower : lower.slice(0, open) + (close > open ? lower.slice(close + 1) : '');
  const [attribute = '', sub] = bare.slice(bare.lastIndexOf(':') + 1).split('.');
  return { attribute: attribute.trim(), sub: sub?.trim() };
}
