import { ScimError } from '../protocol/errors.ts';

/**
 * The refusal to go on with an import by another choice than it was begun with. Half of a file by each would be neither: what
 * it made of the first half looks to the second as if the tenant had had it before.
 */
export function begunOtherwise(begun: string, asked: string): ScimError {
  return new ScimError(
    409,
    `An import of this file was begun with "${begun}" for what the tenant has already, and has not ended; ` +
      `complete it with "${begun}", and then import the file with "${asked}".`,
  );
}

/** The refusal to go on with an import that another run has ended meanwhile. */
export function endedElsewhere(): ScimError {
  return new ScimError(409, 'Another run of this import has ended it meanwhile; see there what became of each line.');
}

/**
 * The refusal of a file that is not what it was when the import began: the lines that were read are no longer those that were
 * counted, so it can't be said that all of them were imported.
 */
export function changedMeanwhile(): ScimError {
  return new ScimError(
    409,
    'The file was changed while it was imported, so some of its lines may be missing. Import it again with ' +
      '"skip", which leaves out what is there by now.',
  );
}
