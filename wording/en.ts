/** English. What the timeline and the API say is told as it stands there: domain/ words it. */
import { ERRORS } from '../domain/errors.ts';
import { describeLevel } from '../domain/naming.ts';
import { REASONS } from '../domain/reasons.ts';
import { sayTruth } from '../domain/report.ts';
import { timeWriter } from './time.ts';
import type { Wording } from './wording.ts';

const times = timeWriter('sv-SE');

export const en: Wording = {
  language: 'en',
  labels: {
    incident: 'Incident',
    service: 'Service',
    severity: 'Severity',
    whyYou: 'Why you',
    since: 'Since',
    at: 'At',
    status: 'Status',
    now: 'Now',
    alerts: 'Alerts',
    runbook: 'Runbook',
    details: 'Details',
    link: 'Link',
    links: 'Links',
    changes: 'Changes shortly before',
    events: 'Events',
    timeline: 'Timeline',
    notification: 'notification',
    logEntry: 'log entry',
    acknowledge: 'Acknowledge',
    resolve: 'Resolve',
    escalate: 'Escalate',
    snooze: 'Snooze',
    view: 'View',
    acknowledgeOrResolve: 'Acknowledge or resolve',
    acknowledgeAs: (name) => `Acknowledge as ${name}`,
    restIsCut: '… (the rest is cut)',
    drill: 'DRILL',
  },
  line: (label, value) => `${label}: ${value}`,
  list: (names) => names.join(', '),
  sentence: (text) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`,
  severity: (severity) => severity ?? 'not given',
  time: times.day,
  truth: (truth) => (typeof truth === 'string' ? truth : sayTruth(truth)),
  why(told) {
    if (typeof told === 'string') return told;
    const { level, pass, cause, late } = told;
    const place = level === null ? '' : `${describeLevel(level, pass)}: `;
    return `${place}${REASONS[cause]}${late ? ' (late)' : ''}`;
  },
  status({ status, acknowledgements, exhausted, nobodyOnCall }, nameOf) {
    const by = status === 'acknowledged' ? acknowledgements.map(({ user }) => nameOf(user)).join(', ') : '';
    const marks = [...(exhausted ? ['the policy is exhausted'] : []), ...(nobodyOnCall ? ['nobody is on call'] : [])];
    return [by === '' ? status : `${status} by ${by}`, ...marks].join('; ');
  },
  // The door that a person came by is for the timeline, and not for those who read or hear of what was done.
  change: ({ text, entry }) => (entry?.actor.via === undefined ? text : text.replace(`, by ${entry.actor.via},`, '')),
  refusal: (code) => ERRORS[code].title,
  page: {
    title: (status, service) => `${status}: ${service}`,
    time: (iso) => times.day(iso, 'UTC'),
    whoHoldsIt: 'Who holds it',
    holder: (name, since) => `${name}, since ${since}`,
    nobody: (over, asked) => `${over ? 'Nobody' : 'Nobody yet'}${asked === null ? '' : `; asked: ${asked}`}`,
    source: 'its monitoring source',
    whatComesNext: 'What comes next',
    nothingResolved: 'Nothing: it is resolved.',
    nothing: 'Nothing by itself',
    notKnown: 'Not known just now',
    comesIn: (left, at, what) => `${left === null ? 'Now' : `In ${left}`} (${at}): ${what}`,
    coming: ({ reason }) => reason,
    more: (count) => `and ${count} more`,
    userGone: 'The user that this link was sent to is no longer in the configuration.',
    linkInvalidHelp: 'It may have been cut short or changed on its way. Open it again from the message, as a whole.',
    linkExpiredHelp: 'Links are valid for 7 days. Open a later message of the incident, or ask whoever runs Tocsin.',
    useTheButtons: 'Use one of the buttons of the page.',
    notShown: 'It cannot be shown now, for no worker answers. What you press is noted, and done when one is back.',
    noted: 'Noted',
    recorded: 'Noted, not yet confirmed: no worker answered in time. It is done as soon as one is back.',
    done: { acknowledge: 'Acknowledged', resolve: 'Resolved' },
  },
  test: {
    summary: 'TEST: a message from Tocsin, to see whether it reaches you. Nothing is wrong, there is nothing to do',
    service: 'Test of Tocsin',
    why: 'somebody sent a test to this contact method',
  },
};
