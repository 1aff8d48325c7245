/** `tocsin send-test`: a real message to one contact method of a user, and what its provider answers. */
import { apiClient } from './apiClient.ts';

export interface SendTestOptions {
  readonly user: string;
  readonly contact: string;
  readonly json: boolean;
}

interface Sent {
  readonly channel: string;
  readonly outcome: 'sent';
  readonly providerId?: string;
  readonly detail?: string;
}
interface NotSent {
  readonly channel: string;
  readonly outcome: 'terminal' | 'retryable' | 'unknown';
  readonly code: string;
  readonly title: string;
  readonly detail?: string;
}

/** Milliseconds: the API itself answers within a minute. */
const WITHIN = 70_000;

const WHAT_TO_DO: Readonly<Record<NotSent['outcome'], string>> = {
  terminal:
    'A page would fail in the same way, and the next contact method be used in its place: change the contact, or the channel.',
  retryable: 'A page would be tried again for a while. Mend the channel, and send another test.',
  unknown: 'It may have come all the same: look there. A page would be sent once more.',
};

/** Resolves to the exit code: 0 where the provider took it, 1 where it did not. Throws what `apiClient` throws. */
export async function sendTest(env: NodeJS.ProcessEnv, { user, contact, json }: SendTestOptions): Promise<number> {
  const path = `/v1/users/${encodeURIComponent(user)}/contacts/${encodeURIComponent(contact)}/test`;
  const answer = await apiClient(env).call<Sent | NotSent>('POST', path, undefined, WITHIN);
  const lines = json ? [JSON.stringify(answer)] : linesOf(`${user}, ${contact} (${answer.channel})`, answer);
  process.stdout.write(`${lines.join('\n')}\n`);
  return answer.outcome === 'sent' ? 0 : 1;
}

function linesOf(to: string, answer: Sent | NotSent): readonly string[] {
  const says = answer.detail === undefined ? [] : [`  the provider says  ${answer.detail}`];
  if (answer.outcome === 'sent') {
    const id = answer.providerId === undefined ? [] : [`  its id             ${answer.providerId}`];
    return [`Sent to ${to}: the provider took it. Has it come?`, ...id, ...says];
  }
  const began = answer.outcome === 'unknown' ? 'Perhaps sent' : 'Not sent';
  return [`${began} to ${to}: ${answer.title} (${answer.code}).`, ...says, `  ${WHAT_TO_DO[answer.outcome]}`];
}
