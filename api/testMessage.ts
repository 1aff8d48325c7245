/** A message to one contact method that is a test and says so: of no incident, so that nothing can be done from it. */
import { randomUUID } from 'node:crypto';
import type { ContactMethod, User } from '../domain/configuration.ts';
import type { Instant } from '../domain/duration.ts';
import { type NotifyRequest, TEST_NOTIFICATION } from '../domain/effects.ts';
import { wordingOf } from '../wording/index.ts';
import { provisionalView } from './provisionalView.ts';

/**
 * A page as the channel sends any other, in the user's language. Its incident's id is none that an incident could have:
 * links and buttons of it answer that there is no such incident.
 */
export function testMessage(
  { id: user, name: userName, language }: User,
  { id: contact, channel }: ContactMethod,
  now: Instant,
): NotifyRequest {
  const wording = wordingOf(language);
  const { summary, service } = wording.test;
  const id = `test-${randomUUID()}`;
  const createdAt = new Date(now).toISOString();
  const about = { id, number: null, summary, severity: null, dedupKey: id, details: {}, links: [], createdAt };
  return {
    notification: TEST_NOTIFICATION,
    idempotencyKey: id,
    user,
    userName,
    contact,
    incident: { ...about, service: { id: 'test', name: service } },
    why: wording.test.why,
    dueAt: createdAt,
    present: null,
    shownAt: { level: 0, pass: 1, episode: 1 },
    mayHaveBeenSent: null,
    conversation: null,
    whole: {
      incident: provisionalView({ ...about, service: 'test', urgency: 'high', assignees: [user] }),
      notification: {
        id: TEST_NOTIFICATION,
        incident: id,
        episode: 1,
        pass: 1,
        level: null,
        user,
        contact,
        channel,
        rule: 1,
        cause: 'trigger',
        idempotencyKey: id,
        status: 'queued',
        reason: null,
        minuteZero: false,
        dueAt: createdAt,
        sentAt: null,
        text: null,
        attempts: [],
      },
    },
  };
}
