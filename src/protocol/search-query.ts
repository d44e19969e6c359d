/** What a search asks for (RFC 7644 §3.4.2), whether it came as parameters or as a message. */
export interface SearchQuery {
  readonly filter?: string;
  /** Whether the filter stands in the URI, where logs and caches keep it (RFC 7644 §7.5.2). */
  readonly filterInUri?: boolean;
  readonly sortBy?: string;
  readonly sortOrder?: string;
  readonly startIndex?: number;
  readonly count?: number;
  /** Pages by cursor (RFC 9865); empty for the first page. */
  readonly cursor?: string;
  /** Names with commas between them. */
  readonly attributes?: string;
  /** Names with commas between them. */
  readonly excludedAttributes?: string;
}
