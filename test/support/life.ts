/**
 * An incident under a virtual clock: the production rules of domain/, with a world that answers at once. Reads as a
 * timeline: at 0:00 an alert, at 5:00 expect a page, at 6:00 an ack, until 20:00 expect nothing. Instants are written
 * `m:ss` after the trigger.
 */
import type { RecentChange } from '../../domain/changeEvent.ts';
import type { AttemptResult, CommandOutcome, PersonsCommand, Receipt, TurnedAway } from '../../domain/commands.ts';
import { carryOver, isSettled } from '../../domain/carrying.ts';
import type { Configuration } from '../../domain/configuration.ts';
import { nextDeadline } from '../../domain/deadlines.ts';
import { decide, decideCommand } from '../../domain/decide.ts';
import type { Effect, NotifyRequest } from '../../domain/effects.ts';
import { effects } from '../../domain/effects.ts';
import type { Arrival, SourceEvent } from '../../domain/event.ts';
import type { Held, IncidentState, Notification } from '../../domain/incident.ts';
import type { Message } from '../../domain/letter.ts';
import type { NoticeRequest } from '../../domain/notice.ts';
import type { LogEntryView, NotificationView } from '../../domain/view.ts';
import { answer } from '../../domain/lookup.ts';
import { openIncident } from '../../domain/open.ts';
import { openingFor } from '../../domain/opening.ts';
import { packed, type PackedState } from '../../domain/packing.ts';
import type { Answer, Question } from '../../domain/question.ts';
import { turnKey } from '../../domain/question.ts';
import { wantedTurn } from '../../domain/roundRobin.ts';
import type { Route } from '../../domain/route.ts';
import { upgradedState } from '../../domain/upgrading.ts';
import { ownRoute } from './configurations.ts';
import { wordingOf } from '../../wording/index.ts';

/** The trigger of every life, at midnight UTC: the first instant of a turn of `dailySchedule`. */
export const BEGIN = Date.parse('2026-03-02T00:00:00Z');

export function instant(text: string): number {
  const [minutes, seconds] = text.split(':').map(Number);
  if (minutes === undefined || seconds === undefined || Number.isNaN(minutes + seconds))
    throw new Error(`not m:ss: ${text}`);
  return BEGIN + (minutes * 60 + seconds) * 1_000;
}

export function written(at: number): string {
  const total = Math.round((at - BEGIN) / 1_000);
  return `${Math.floor(total / 60)}:${String(total % 60).padStart(2, '0')}`;
}

export const TRIGGER: SourceEvent = {
  action: 'trigger',
  dedupKey: 'db1/disk',
  summary: 'disk of db1 is full',
  source: 'test',
  severity: 'critical',
};

type Outcome = AttemptResult['outcome'];
/** `after`: not before that many milliseconds. */
type Answered =
  | Outcome
  | 'hold'
  | { readonly outcome: 'retryable'; readonly after: number }
  | { readonly outcome: 'sent'; readonly conversation?: string; readonly providerId?: string };
/** What comes of an attempt, by who it goes to; `hold` leaves it in flight until `release`. */
export type Provider = (notification: Notification, at: number) => Answered;

/** What comes of a notice; `hold` leaves it in flight for good. */
export type Endpoint = (request: NoticeRequest, at: number) => Answered;
/** What holds an incident at an instant. */
export type Maintenance = (question: Extract<Question, { kind: 'hold' }>, at: number) => Held | null;

/** The number that the store gives. */
export const NUMBER = 12;

export class Life {
  state: IncidentState;
  now: number = BEGIN;
  /** Every attempt that the world saw begin. */
  readonly attempts: {
    at: string;
    user: string;
    contact: string;
    key: string;
    present: string | null;
    number: number | null;
    request: NotifyRequest;
  }[] = [];
  /** Every attempt at a notice. */
  readonly notices: { at: string; to: string; request: NoticeRequest }[] = [];
  /** What was said to other incidents. */
  readonly said: { to: string; message: Message }[] = [];
  /** What becomes of a letter; each is delivered at once where nothing else is said. */
  post: (letter: Extract<Effect, { kind: 'say' }>) => void = (letter) => this.delivered(letter, true);
  /** What the store was given. */
  readonly kept: { entries: LogEntryView[]; notifications: NotificationView[] } = { entries: [], notifications: [] };
  /** How many entries and notifications each call brings. */
  onKeep: (entries: number, notifications: number) => void = () => undefined;
  /** Whose turn the store says it is; the first available one where nothing else is said. */
  roundRobin: (key: string, available: readonly number[]) => number = (_key, [first = 0]) => first;
  private configuration: Configuration;
  private readonly underWay = new Set<string>();
  private readonly held = new Map<string, { notification: string }>();
  private provider: Provider = () => 'sent';
  private endpoint: Endpoint = () => 'sent';
  private store: 'there' | 'away' | 'absent' = 'there';
  private maintenance: Maintenance = () => null;
  private answering = true;
  private ids = 0;
  /** What providers said, by id; undefined where there was nothing to say it of. */
  private readonly receipts = new Map<string, Receipt | undefined>();

  /** `held`: by a maintenance window, at the trigger. */
  constructor(
    configuration: Configuration,
    event: SourceEvent = TRIGGER,
    routed: Partial<Route> = {},
    held: Held | null = null,
    {
      id = 'payments-events.k.r',
      at = BEGIN,
      changes = [],
    }: { id?: string; at?: number; changes?: readonly RecentChange[] } = {},
  ) {
    this.now = at;
    this.configuration = configuration;
    const integration = configuration.integrations.get('payments-events');
    if (integration === undefined) throw new Error('the configuration lacks payments-events');
    const opening = openingFor(configuration, { ...ownRoute(integration), ...routed }, at, { held, changes });
    this.state = openIncident({ id, integration: integration.id, previous: null }, opening, event, at);
    this.arrive(event);
    if (opening.answer !== null) this.take({ type: 'answer', seq: 1, answer: opening.answer });
  }

  /** How the world answers attempts from here on; everything is sent at once where this was never called. */
  providing(provider: Provider): this {
    this.provider = provider;
    return this;
  }

  /** What comes of a notice from here on; everything is sent at once where this was never called. */
  subscribed(endpoint: Endpoint): this {
    this.endpoint = endpoint;
    return this;
  }

  /** `away`: it does not answer; `absent`: there is none. */
  storing(store: 'there' | 'away' | 'absent'): this {
    this.store = store;
    return this;
  }

  /** What holds it, whenever that is asked from here on; nothing where this was never called. */
  maintained(maintenance: Maintenance): this {
    this.maintenance = maintenance;
    return this;
  }

  /** A maintenance window is taken away. */
  windowTaken(id: string): this {
    this.take({ type: 'changed', change: { kind: 'maintenanceChanged', id } });
    return this;
  }

  /** While false, questions about who is on call stay open. */
  answers(answering: boolean): this {
    this.answering = answering;
    return this;
  }

  /** Lets time pass until `text`, taking every deadline at its instant. What is due at that very instant is left for later. */
  at(text: string): this {
    const until = instant(text);
    if (until < this.now) throw new Error(`${text} is over`);
    for (;;) {
      this.settle();
      const deadline = nextDeadline(this.state, this.now);
      if (deadline === undefined || deadline.at >= until) break;
      this.now = Math.max(this.now, deadline.at);
    }
    this.now = until;
    return this;
  }

  /** Takes what is due at this instant, and lets the world answer. */
  goOn(now: number): this {
    this.now = now;
    this.settle();
    return this;
  }

  /** Lets time pass over `text` itself, deadlines at that instant included. */
  through(text: string): this {
    this.at(text).settle();
    return this;
  }

  /** Nobody looks until `text` (all workers down), then everything overdue is taken at once. */
  asleepUntil(text: string): this {
    this.now = instant(text);
    return this;
  }

  arrive(event: Partial<SourceEvent>, count = 1, id = `a${++this.ids}`): this {
    const arrival: Arrival = { id, count, event: { ...TRIGGER, ...event } };
    this.state = decide(this.state, { type: 'arrival', arrival }, this.now).state;
    return this;
  }

  command(user: string, command: { type: PersonsCommand['type'] } & Partial<PersonsCommand>): CommandOutcome {
    const actor = { kind: 'user', id: user, name: this.configuration.users.get(user)?.name ?? user } as const;
    const whole = { id: `c${++this.ids}`, actor, ...command } as PersonsCommand;
    const { state, outcome } = decideCommand(this.state, whole, this.now);
    this.state = state;
    return outcome;
  }

  ack(user: string): this {
    this.command(user, { type: 'acknowledge' });
    return this;
  }

  /** The configuration is another one from here on, in that part. */
  reconfigured(part: Partial<Configuration>): this {
    this.configuration = { ...this.configuration, ...part };
    return this;
  }

  /** Is in the configuration no longer, which workers tell the incidents whose ackers are all gone. */
  remove(user: string): this {
    const users = new Map(this.configuration.users);
    users.delete(user);
    this.reconfigured({ users }).take({
      type: 'changed',
      change: { kind: 'usersRemoved', id: this.state.id, users: [user] },
    });
    return this;
  }

  resolve(user: string): this {
    this.command(user, { type: 'resolve' });
    return this;
  }

  /** What is held in flight ends now. */
  release(outcome: Exclude<Answered, 'hold'> = 'sent'): this {
    for (const [key, { notification }] of this.held) {
      this.held.delete(key);
      this.end(notification, outcome);
    }
    return this;
  }

  /** A letter of this incident is there, or nobody is. */
  delivered({ key, letter }: Extract<Effect, { kind: 'say' }>, there: boolean): this {
    this.underWay.delete(key);
    this.take({ type: 'letterSent', letter, there });
    return this;
  }

  /** Its workflow gives what is forwarded no more to the next incident of its key. */
  takeBack(): this {
    this.take({ type: 'eventsTakenBack' });
    return this;
  }

  /** Another incident says something. */
  hear(message: Message, to = this.state.id): this {
    this.take({ type: 'heard', to, message });
    return this;
  }

  /** The provider says what became of the page that went there last, if any did; by an id that it said before, the same as then. */
  receipt(user: string, contact: string, outcome: Receipt['outcome'], more: Partial<Receipt> = {}): this {
    const { id = `r${++this.ids}` } = more;
    const page = this.state.ledger.findLast(
      (each) => each.user === user && each.contact === contact && each.startedAt !== null,
    );
    const made = page && { notification: page.id, outcome, at: this.now, ...more, id };
    const receipt = this.receipts.has(id) ? this.receipts.get(id) : made;
    this.receipts.set(id, receipt);
    if (receipt !== undefined) this.take({ type: 'provider', word: { kind: 'receipt', receipt } });
    return this;
  }

  /** Somebody may not act, and tried. */
  turnAway(turnedAway: Partial<TurnedAway> = {}): this {
    const one = { command: 'acknowledge', code: 'FORBIDDEN', via: 'SMS from +4930…00', at: this.now } as const;
    const word = { kind: 'turnedAway', turnedAway: { id: `t${++this.ids}`, ...one, ...turnedAway } } as const;
    this.take({ type: 'provider', word });
    return this;
  }

  /** The workflow continues as new, in the middle of whatever is pending. */
  continueAsNew(): this {
    const carried = JSON.stringify(packed(carryOver(this.state, this.now)));
    this.state = upgradedState(JSON.parse(carried) as PackedState);
    this.underWay.clear();
    this.held.clear();
    return this;
  }

  /** `['0:00 ana mail', '5:00 dee mail']`: every attempt so far. */
  get pages(): string[] {
    return this.attempts.map(({ at, user, contact }) => `${at} ${user} ${contact}`);
  }

  /** `['0:00 webhook ops: incident.triggered', '2:00 bob mail: incident.acknowledged']`: every attempt at a notice. */
  get told(): string[] {
    return this.notices.map(({ at, to, request }) => `${at} ${to}: ${request.type}`);
  }

  get log(): string[] {
    return this.state.log.map(({ at, text }) => `${written(at)} ${text}`);
  }

  /** `ana mail cancelled`, in the order of the ledger. */
  get ledger(): string[] {
    return this.state.ledger.map(({ user, contact, status }) => `${user} ${contact} ${status}`);
  }

  get settled(): boolean {
    return isSettled(this.state);
  }

  private settle(): void {
    for (let busy = true; busy;) {
      this.state = decide(this.state, { type: 'deadline' }, this.now).state;
      // What is due at the instant of a lookup comes before its answer.
      busy = effects(this.state)
        .toSorted((a, b) => Number(a.kind === 'ask') - Number(b.kind === 'ask'))
        .map((effect) => this.carryOut(effect))
        .some(Boolean);
    }
  }

  /** True where it did something. */
  private carryOut(effect: Effect): boolean {
    if (effect.kind === 'notify' && effect.void && this.held.delete(effect.key)) {
      this.end(effect.notification, 'cancelled');
      return true;
    }
    if (effect.kind === 'ask' && !this.answering) return false;
    if (this.underWay.has(effect.key)) return false;
    this.underWay.add(effect.key);
    if (effect.kind === 'ask') {
      const given = this.answerTo(effect.question);
      this.state = decide(this.state, { type: 'answer', seq: effect.seq, answer: given }, this.now).state;
      return true;
    }
    switch (effect.kind) {
      case 'tell':
        return this.tell(effect);
      case 'number':
        if (this.store === 'away') this.underWay.delete(effect.key);
        else this.take({ type: 'numbered', number: this.store === 'absent' ? null : NUMBER });
        return this.store !== 'away';
      case 'keep':
        if (this.store === 'away') this.underWay.delete(effect.key);
        else this.keep(effect);
        return this.store !== 'away';
      case 'say':
        if (effect.message !== null) this.said.push({ to: effect.to.incident, message: effect.message });
        this.post(effect);
        return true;
      case 'notify':
        break;
    }
    const notification = this.state.ledger.find(({ id }) => id === effect.notification);
    if (notification === undefined) throw new Error('an effect names a notification of the ledger');
    const { user, contact, idempotencyKey: key } = notification;
    const request = effect.request();
    const present = request.present === null ? null : wordingOf('en').truth(request.present);
    this.attempts.push({
      at: written(this.now),
      user,
      contact,
      key,
      present,
      number: request.incident.number,
      request,
    });
    const answered = this.provider(notification, this.now);
    if (answered === 'hold') this.held.set(effect.key, { notification: effect.notification });
    else this.end(effect.notification, answered);
    return true;
  }

  /** As the activity does (activities/onCall.ts), with turns of round robin from `roundRobin`. */
  private answerTo(question: Question): Answer {
    const { id: incident, policy, urgency, turns } = this.state;
    const wanted = wantedTurn(this.configuration, policy, question, this.now, { urgency, turns });
    const key = wanted === null ? '' : turnKey(policy, wanted.level);
    const given = wanted === null || this.store !== 'there' ? {} : { [key]: this.roundRobin(key, wanted.available) };
    const answered = answer(this.configuration, policy, question, this.now, {
      incident,
      turns: { ...turns, ...given },
    });
    if (question.kind !== 'hold' || answered.hold === undefined) return answered;
    return { ...answered, hold: { ...answered.hold, held: this.maintenance(question, this.now) } };
  }

  private end(notification: string, answered: Exclude<Answered, 'hold'>): void {
    this.take({ type: 'attempted', notification, result: this.resultOf(answered) });
  }

  private resultOf(answered: Exclude<Answered, 'hold'>): AttemptResult {
    if (typeof answered !== 'string' && answered.outcome === 'sent') return { ...answered, at: this.now };
    const { outcome, after } = typeof answered === 'string' ? { outcome: answered, after: undefined } : answered;
    const failed = { at: this.now, code: 'PROVIDER_UNREACHABLE', detail: 'scripted' } as const;
    if (outcome === 'sent' || outcome === 'cancelled') return { outcome, at: this.now };
    return outcome === 'retryable' && after !== undefined ? { ...failed, outcome, after } : { ...failed, outcome };
  }

  private tell({ key, notice, request: made, channel }: Extract<Effect, { kind: 'tell' }>): boolean {
    const request = made();
    const to =
      request.to.kind === 'subscriber'
        ? `${channel} ${request.to.endpoint}`
        : `${request.to.user} ${request.to.contact}`;
    this.notices.push({ at: written(this.now), to, request });
    const answer = this.endpoint(request, this.now);
    if (answer === 'hold') return true;
    this.underWay.delete(key);
    this.take({ type: 'noticeAttempted', notice, result: this.resultOf(answer) });
    return true;
  }

  private keep({ entries, notifications }: Extract<Effect, { kind: 'keep' }>): void {
    if (this.store === 'absent') {
      this.take({ type: 'recordMoved', record: null });
      return;
    }
    this.onKeep(entries.length, notifications.length);
    this.kept.entries.push(...entries);
    this.kept.notifications.push(...notifications);
    const record = { entries: entries.map(({ id }) => id), notifications: notifications.map(({ id }) => id) };
    this.take({ type: 'recordMoved', record });
  }

  private take(command: Parameters<typeof decide>[1]): void {
    this.state = decide(this.state, command, this.now).state;
  }
}
