declare module 'vitest' {
  interface TaskMeta {
    /** The statements of the RFCs that a test shows. */
    shows?: readonly string[];
  }
}

/**
 * The options of a test that shows statements of the RFCs; docs/conformance.md is made from them. Ids are written out as
 * plain strings: they are read from the source.
 */
export function shows(...ids: readonly string[]): { meta: { shows: readonly string[] } } {
  return { meta: { shows: ids } };
}
