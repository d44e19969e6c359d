import type { AttributeDefinition, AttributeType } from '../../schema/attribute.ts';
import { instantOf } from '../../schema/date-time.ts';
import { isNumber } from '../../schema/json.ts';
import { ExactNumber, numberOf, wholeNumber } from '../../schema/number.ts';
import { invalidFilter } from '../errors.ts';
import type { QuirkWatch } from '../quirks/quirks.ts';
import type { CompareOperator, FilterValue } from './ast.ts';

/** What of a filter's values may deviate from the attribute's type. */
export interface ValueOptions {
  /** `"True"` and `"false"` for a boolean attribute. */
  readonly quotedBooleans: boolean;
  /** A number or boolean for a string attribute stands for its text. */
  readonly numbersAsStrings: boolean;
  /** Hears which of these a value needed. */
  readonly took?: QuirkWatch | undefined;
}

const EQUALITY = ['eq', 'ne'] as const;
const ORDER = ['gt', 'ge', 'lt', 'le'] as const;
const SUBSTRING = ['co', 'sw', 'ew'] as const;

// RFC 7644 §3.4.2.2: ordering booleans or binary values SHALL fail; what has no text has no substrings.
const OPERATORS: Record<Exclude<AttributeType, 'complex'>, readonly CompareOperator[]> = {
  string: [...EQUALITY, ...SUBSTRING, ...ORDER],
  reference: [...EQUALITY, ...SUBSTRING, ...ORDER],
  integer: [...EQUALITY, ...ORDER],
  decimal: [...EQUALITY, ...ORDER],
  dateTime: [...EQUALITY, ...ORDER],
  boolean: EQUALITY,
  binary: EQUALITY,
};

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
]);

/** The value as one of the attribute's own type; `invalidFilter` when it is none or the operator is not for that type. */
export function compareValue(
  definition: AttributeDefinition,
  path: string,
  operator: CompareOperator,
  value: Exclude<FilterValue, null>,
  options: ValueOptions,
): FilterValue {
  const { type } = definition;
  if (type === 'complex') throw invalidFilter(`'${path}' is complex and cannot be compared.`);
  if (!OPERATORS[type].includes(operator)) {
    throw invalidFilter(`'${path}' is of type ${type}, which allows ${OPERATORS[type].join(', ')}, not ${operator}.`);
  }
  const converted = convert(type, value, options);
  if (converted === undefined) {
    throw invalidFilter(`'${path}' is of type ${type} and can only be compared with ${EXPECTED[type]}.`);
  }
  return converted;
}

const EXPECTED: Record<Exclude<AttributeType, 'complex'>, string> = {
  string: 'a string in double quotes',
  reference: 'a URI in double quotes',
  binary: 'base64 text in double quotes',
  dateTime: 'a dateTime in double quotes such as "2011-05-13T04:42:34Z"',
  boolean: 'true or false',
  integer: 'a whole number',
  decimal: 'a number',
};

function convert(
  type: Exclude<AttributeType, 'complex'>,
  value: Exclude<FilterValue, null>,
  options: ValueOptions,
): FilterValue | undefined {
  switch (type) {
    case 'string':
    case 'reference':
      if (typeof value === 'string') return value;
      if (!options.numbersAsStrings) return undefined;
      options.took?.('numbersAsStrings');
      return value instanceof ExactNumber ? value.text : String(value);
    case 'binary':
      return typeof value === 'string' ? value : undefined;
    case 'dateTime':
      return typeof value === 'string' && instantOf(value) !== undefined ? value : undefined;
    case 'boolean':
      if (typeof value === 'boolean') return value;
      return options.quotedBooleans && typeof value === 'string' ? quotedBoolean(value, options) : undefined;
    case 'integer':
      return isNumber(value) ? wholeNumber(value) : undefined;
    case 'decimal':
      return value instanceof ExactNumber ? numberOf(value.text) : typeof value === 'number' ? value : undefined;
  }
}

function quotedBoolean(text: string, { took }: ValueOptions): FilterValue | undefined {
  const truth = BOOLEANS.get(text.toLowerCase());
  if (truth !== undefined) took?.('quotedBooleanInFilter');
  return truth;
}
