/** Why something happened: a closed set, so that no decision is made without a name (design §2.1). */
export const REASONS = {
  trigger: 'the incident was triggered',
  levelTimeout: 'nobody acknowledged in time',
  levelUnreachable: 'nobody of the level could be reached',
  nextPass: 'the policy repeats',
  passesDone: 'all passes of the policy are done',
  passReachedNobody: 'nobody could be reached in this pass',
  nobodyOnCall: 'nobody is on call',
  handOff: 'a shift began',
  ackTimeout: 'the acknowledgement timed out',
  unacknowledged: 'the last acknowledgement was taken back',
  reassigned: 'the incident was reassigned',
  fallback: 'another contact method failed',
  acknowledged: 'the incident is acknowledged',
  resolved: 'the incident is resolved',
  ownAction: 'the user acted first',
  levelLeft: 'its level was left',
  assignedAgain: 'the user was assigned again',
  startsAgain: 'the incident starts again where it stood',
  otherReached: 'somebody else could be reached',
  severityChanged: 'the severity of its alerts changed',
  hoursBegan: 'the support hours began',
  hoursEnded: 'the support hours ended',
  urgencyRaised: 'the urgency was raised',
  urgencyLowered: 'the urgency was lowered',
  tooOld: 'it was owed for too long',
  duplicate: 'the alert is already open',
  overtaken: 'a later event of the source came first',
  noOpenIncident: 'no incident with this key is open',
  unknownAlert: 'the incident has no such alert',
  leftOut: 'the source left alerts out',
  tooManyAlerts: 'an incident keeps 1,000 alerts',
  alertsResolved: 'all its alerts are resolved',
  groupResolved: 'the source says that all of the group is resolved',
  person: 'a person did it',
  source: 'the source said so',
} as const;

export type Reason = keyof typeof REASONS;

/** Why a level is left behind for what comes after it. */
export const ESCALATED: ReadonlySet<Reason> = new Set<Reason>([
  'levelTimeout',
  'levelUnreachable',
  'nextPass',
  'passesDone',
  'passReachedNobody',
]);
