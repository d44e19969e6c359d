import { checkOptions } from '../../../src/protocol/filter/check.ts';
import { filterLeniencies } from '../../../src/protocol/filter/parse.ts';
import { ALL_QUIRKS, NO_QUIRKS } from '../../../src/protocol/quirks/quirks.ts';

export const LENIENT = filterLeniencies(ALL_QUIRKS);
export const STRICT = filterLeniencies(NO_QUIRKS);
export const LENIENT_CHECK = checkOptions(ALL_QUIRKS);
export const STRICT_CHECK = checkOptions(NO_QUIRKS);
