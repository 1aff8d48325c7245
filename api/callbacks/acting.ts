/** What a person did on a channel, as a command to the incident; and what came of it, in their language. */
import type { CommandName, PersonsCommand, Priority } from '../../domain/commands.ts';
import type { User } from '../../domain/configuration.ts';
import type { Milliseconds } from '../../domain/duration.ts';
import { minutes } from '../../domain/duration.ts';
import type { NotifyRequest } from '../../domain/effects.ts';
import type { ErrorCode } from '../../domain/errors.ts';
import type { Language } from '../../domain/language.ts';
import type { Truth } from '../../domain/truth.ts';
import type { ActingWording } from '../../wording/acting.ts';
import { ACTING } from '../../wording/acting.ts';
import { wordingOf } from '../../wording/index.ts';
import { mayCommand } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import type { CommandResult, FoundIncident } from '../ports.ts';

export type ChannelAction = Extract<
  CommandName,
  'acknowledge' | 'unacknowledge' | 'resolve' | 'reopen' | 'escalate' | 'snooze' | 'notes' | 'priority'
>;

/** What was asked, by whom, of which incident. */
export interface Asked {
  /** The incident's id. */
  readonly incident: string;
  /** The user's id, whether there is such a user or not. */
  readonly user: string;
  readonly action: ChannelAction;
  /** The door they came by, as the timeline shows it: the channel and the contact method or endpoint, `pagerduty main`. */
  readonly via: string;
  /** Made of the provider's own id of the act: delivered twice it is done once. At most 255 characters. */
  readonly commandId: string;
  /** Of `escalate`: where the incident stood when it was shown. Absent, nothing was shown, and it has moved on. */
  readonly shownAt?: NotifyRequest['shownAt'] | undefined;
  /** Of `snooze`; an hour where absent. */
  readonly snooze?: Milliseconds | undefined;
  /** Of `notes`. */
  readonly text?: string | undefined;
  /** Of `priority`; null takes it away. */
  readonly priority?: Priority | null | undefined;
}

/** `sentence` is for the person, in their language, without a full stop. */
export type Acted =
  /** Done, now or when the same act came before. */
  | { readonly kind: 'done'; readonly sentence: string; readonly found: FoundIncident }
  /** It changed nothing; the sentence is the present truth. */
  | { readonly kind: 'tooLate'; readonly sentence: string; readonly found: FoundIncident }
  /** No worker took it in time; it is safe (lifecycle §3). */
  | { readonly kind: 'recorded'; readonly sentence: string }
  | { readonly kind: 'notFound'; readonly sentence: string }
  | { readonly kind: 'turnedAway'; readonly sentence: string };

type Doors = Pick<ApiDeps, 'incidents' | 'configuration'>;

const AN_HOUR = minutes(60);

/**
 * Gives the command to the incident. One who is no user, or may only read, is turned away, which stands in the incident's
 * timeline. Throws TEMPORAL_UNAVAILABLE, and BAD_REQUEST for a command that is malformed.
 */
export async function act(doors: Doors, asked: Asked): Promise<Acted> {
  const user = doors.configuration().users.get(asked.user);
  if (user === undefined) return turnAway(doors, { ...asked, code: 'UNKNOWN_USER' });
  if (!mayCommand(user.role)) return turnAway(doors, { ...asked, code: 'FORBIDDEN', language: user.language });
  const result = await doors.incidents.command(asked.incident, commandOf(asked, user));
  const wording = ACTING[user.language];
  switch (result.kind) {
    case 'recorded':
      return { kind: 'recorded', sentence: wording.recorded };
    case 'notFound':
      return { kind: 'notFound', sentence: wording.notFound };
    case 'closed':
      return { kind: 'tooLate', sentence: said(user, result.found.truth), found: result.found };
    case 'done':
      return outcomeOf(doors, asked, user, result);
    default:
      return result satisfies never;
  }
}

/** Whom it turns away, and why. */
export interface Stranger extends Pick<Asked, 'incident' | 'action' | 'via' | 'commandId'> {
  readonly code: ErrorCode;
  /** The organization's where absent. */
  readonly language?: Language;
}

/** For somebody who may not act on the incident: a line in its timeline, once for each `commandId`. Throws TEMPORAL_UNAVAILABLE. */
export async function turnAway(
  { incidents, configuration }: Doors,
  { incident, action, via, commandId, code, language = configuration().organization.language }: Stranger,
): Promise<Extract<Acted, { kind: 'turnedAway' | 'notFound' }>> {
  const turnedAway = { id: commandId, command: action, code, via, at: Date.now() };
  const heard = await incidents.hear(incident, { kind: 'turnedAway', turnedAway });
  return heard
    ? { kind: 'turnedAway', sentence: code === 'FORBIDDEN' ? ACTING[language].notAllowed : ACTING[language].notKnown }
    : { kind: 'notFound', sentence: ACTING[language].notFound };
}

function commandOf({ action, via, commandId: id, shownAt, snooze, text, priority }: Asked, user: User): PersonsCommand {
  const common = { id, actor: { kind: 'user', id: user.id, name: user.name, via } } as const;
  switch (action) {
    case 'escalate':
      return shownAt === undefined
        ? { ...common, type: action, fromLevel: 0 }
        : {
            ...common,
            type: action,
            fromLevel: shownAt.level,
            fromPass: shownAt.pass,
            fromEpisode: shownAt.episode,
          };
    case 'snooze':
      return { ...common, type: action, duration: snooze ?? AN_HOUR };
    case 'notes':
      return { ...common, type: action, text: text ?? '' };
    case 'priority':
      return { ...common, type: action, priority: priority ?? null };
    case 'reopen':
    case 'acknowledge':
    case 'unacknowledge':
    case 'resolve':
      return { ...common, type: action };
    default:
      return action satisfies never;
  }
}

async function outcomeOf(
  { incidents }: Doors,
  { action, incident }: Asked,
  user: User,
  { outcome, found: then }: Extract<CommandResult, { kind: 'done' }>,
): Promise<Acted> {
  // An act that came before is answered from Temporal's record of the first time; what is told is the present.
  const found = (await incidents.read(incident).catch(() => undefined)) ?? then;
  const truth = said(user, found.truth);
  const wording = ACTING[user.language];
  if (outcome.refused !== null) {
    const { code } = outcome.refused;
    const sentence = EXPLAINED.has(code) ? wording.tooLate(wordingOf(user.language).refusal(code), truth) : truth;
    return { kind: 'tooLate', sentence, found };
  }
  const { word, while: stays } = DONE[action];
  return { kind: 'done', sentence: stays(found.truth) ? wording[word] : truth, found };
}

const said = ({ language, timezone }: User, truth: Truth): string => wordingOf(language).truth(truth, timezone);

/** Refusals that the present truth does not explain by itself. */
const EXPLAINED: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'MOVED_ON',
  'DIRECTLY_ASSIGNED',
  'TOLD_JUST_NOW',
  'NOBODY_LEFT',
  'NOT_ACKNOWLEDGED',
]);

/** The word for what was done, for as long as it holds; after that the present truth is told. */
const DONE: Readonly<
  Record<
    ChannelAction,
    { readonly word: Exclude<keyof ActingWording, 'tooLate'>; readonly while: (truth: Truth) => boolean }
  >
> = {
  acknowledge: { word: 'acknowledged', while: ({ state }) => state === 'acknowledged' },
  unacknowledge: { word: 'unacknowledged', while: ({ state }) => state !== 'resolved' },
  resolve: { word: 'resolved', while: ({ state }) => state === 'resolved' },
  reopen: { word: 'reopened', while: ({ state }) => state !== 'resolved' },
  escalate: { word: 'escalated', while: ({ state }) => state === 'triggered' },
  snooze: { word: 'snoozed', while: (truth) => truth.state === 'acknowledged' && truth.snoozedUntil !== null },
  notes: { word: 'noted', while: () => true },
  priority: { word: 'prioritySet', while: () => true },
};
