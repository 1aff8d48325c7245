/** What the routes of Opsgenie's API say of themselves in the OpenAPI document, and take at most. */

export const TAGS = ['opsgenie'];
/** For the OpenAPI document: this route wants a GenieKey. */
export const GENIE_KEY = [{ genieKey: [] }];
/** Bytes (interfaces §4). */
export const BODY_LIMIT = 512 * 1024;

/** Of every read. */
export const describedRead = { tags: TAGS, security: GENIE_KEY } as const;
