/**
 * Every error that Tocsin reports, in one table: its code, the HTTP status where it is answered over HTTP, and a title.
 * Problem details (RFC 9457), activity failures, refused commands and start-up errors all take their code from here;
 * docs/errors.md lists the same table, by test.
 */
export const ERRORS = {
  // Requests
  BAD_REQUEST: { status: 400, title: 'The request is not valid' },
  MALFORMED_JSON: { status: 400, title: 'The body is not valid JSON' },
  BAD_EVENT: { status: 400, title: 'The event lacks something its format needs, or has something it does not allow' },
  DEDUP_KEY_TOO_LONG: { status: 400, title: 'A dedup key has 1 to 255 characters' },
  AS_REQUIRED: { status: 400, title: 'This token belongs to no user: say in `as` who acts' },
  UNKNOWN_USER: { status: 400, title: 'There is no such user' },
  UNKNOWN_POLICY: { status: 400, title: 'There is no such escalation policy' },
  UNKNOWN_LEVEL: { status: 400, title: 'The escalation policy has no such level' },
  UNAUTHORIZED: { status: 401, title: 'A valid token is needed' },
  FORBIDDEN: { status: 403, title: 'This token may not do that' },
  NOT_FOUND: { status: 404, title: 'There is no such thing' },
  UNKNOWN_INTEGRATION: { status: 404, title: 'No integration of this source has this routing key' },
  METHOD_NOT_ALLOWED: { status: 405, title: 'This address does not take that method' },
  REQUEST_TOO_SLOW: { status: 408, title: 'The request did not come whole in time' },
  BODY_TOO_LARGE: { status: 413, title: 'The body is larger than this address takes' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, title: 'This address does not take that content type' },
  HEARTBEAT_EXISTS: { status: 409, title: 'There is such a heartbeat already' },
  IDEMPOTENCY_KEY_REUSED: { status: 422, title: 'This Idempotency-Key came before with another body' },
  HEADERS_TOO_LARGE: { status: 431, title: 'The address and the headers of the request are too large' },
  INTERNAL: { status: 500, title: 'Tocsin failed; its log says why' },
  TEMPORAL_UNAVAILABLE: { status: 503, title: 'Temporal cannot be reached, so nothing could be promised; try again' },
  STORE_UNAVAILABLE: {
    status: 503,
    title: 'The store cannot be reached; what it holds cannot be shown or changed now',
  },
  NO_WORKER: { status: 503, title: 'No worker answers; incidents go on when one is back' },

  // Commands that came too late for the state
  ALREADY_RESOLVED: { status: 409, title: 'The incident is already resolved' },
  NOT_ACKNOWLEDGED: { status: 409, title: 'The incident is not acknowledged by this user' },
  MOVED_ON: { status: 409, title: 'The incident has moved on since it was shown' },
  DIRECTLY_ASSIGNED: { status: 409, title: 'The incident is assigned to people directly, and does not escalate' },
  TOLD_JUST_NOW: { status: 409, title: 'The last resort was told less than a minute ago' },
  NOBODY_LEFT: { status: 409, title: 'The escalation policy is exhausted, and it has no last resort' },
  SERVICE_GONE: { status: 409, title: "The incident's service, or its policy, is no longer in the configuration" },
  NOT_SUSPENDED: { status: 409, title: 'The incident is not suspended: it was triggered before' },
  PERSON_NEEDED: { status: 409, title: 'Only a person may let a suspended incident go' },
  NOT_RESOLVED: { status: 409, title: 'The incident is not resolved' },
  REOPEN_TOO_LATE: { status: 409, title: 'The incident can be reopened no more' },
  INCIDENT_CLOSED: { status: 409, title: 'The incident is closed' },
  TOO_MANY_RESPONDERS: { status: 409, title: 'An incident has at most 500 responders' },
  TOO_MANY_DETAILS: { status: 409, title: "What was set of the incident's details and tags is more than 32 KiB" },
  MERGING: { status: 409, title: 'The incident is being merged into another one' },
  ALREADY_MERGED: { status: 409, title: 'The incident is merged into another one' },
  TARGET_RESOLVED: { status: 409, title: 'The incident to merge into is already resolved' },
  TARGET_CLOSED: { status: 409, title: 'The incident to merge into is closed' },
  TARGET_MERGING: { status: 409, title: 'The incident to merge into is being merged itself' },
  TARGET_MERGED: { status: 409, title: 'The incident to merge into is merged into another one' },
  TOO_MANY_ALERTS: { status: 409, title: 'Together they have more than 1,000 alerts' },
  MERGE_REFUSED: { status: 409, title: 'Not all of the incidents could be merged' },

  // Signed links
  LINK_INVALID: { status: 403, title: 'This link is not valid' },
  LINK_EXPIRED: { status: 410, title: 'This link has expired' },
  LINK_USED: { status: 409, title: 'This link was already used for that' },
  SOURCE_REFUSED: { status: 403, title: 'The event is not proven to be of its source' },
  CALLBACK_REFUSED: { status: 403, title: 'The callback is not proven to be of its provider' },

  // Notifications
  CONTACT_GONE: { title: 'The user or contact method is no longer in the configuration' },
  CHANNEL_NOT_CONFIGURED: { title: 'The channel is not in the configuration' },
  ADDRESS_REFUSED: { title: 'The provider refuses this address for good' },
  ADDRESS_PRIVATE: { title: 'The address is not public; `allowPrivate: true` beside its url permits it' },
  PROVIDER_REFUSED: { title: 'The provider refuses the message for good' },
  PROVIDER_UNREACHABLE: { status: 502, title: 'The provider cannot be reached' },
  PROVIDER_LOGIN_REFUSED: { title: "The provider refuses the channel's login; check its credentials" },
  PROVIDER_BUSY: { title: 'The provider asks to try again later' },
  PROVIDER_SILENT: { title: 'The provider took the message and did not answer' },
  NOT_STARTED: { title: 'No worker took the attempt in time' },
  WORKER_LOST: { title: 'The worker was lost during the attempt' },

  // Starting
  BAD_CONFIGURATION: { title: 'The configuration is not valid' },
  BAD_ENVIRONMENT: { title: 'An environment variable is not valid' },
  API_UNREACHABLE: { title: 'No API of Tocsin answers' },
  PORT_TAKEN: { title: 'The port is taken' },
  NO_TEMPORAL_SERVER: { title: 'No Temporal server could be found or had' },
  TEMPORAL_SERVER_FAILED: { title: 'The Temporal server did not start, or ended' },
  SEARCH_ATTRIBUTES_MISSING: { title: 'The search attributes are missing and may not be registered from here' },
  DATA_DIR_IN_USE: { title: 'Another Tocsin runs on this data folder' },
  NAMESPACE_MISSING: { title: 'The Temporal namespace does not exist' },
} as const satisfies Record<string, { readonly status?: number; readonly title: string }>;

export type ErrorCode = keyof typeof ERRORS;

/** An error with a code of the table, and a detail that says where, what was expected, and what to do. */
export class TocsinError extends Error {
  override readonly name = 'TocsinError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, detail: string, options?: ErrorOptions) {
    super(detail, options);
    this.code = code;
  }
}

/** For a page of a list that is asked for by what no page before it gave. */
export const badCursor = (): TocsinError =>
  new TocsinError('BAD_REQUEST', '`cursor` is not one that this list gave; begin again without it');
