import { readFileSync } from 'node:fs';
import type { Tocsin } from '../support/tocsin.ts';
import { eventually, sleep, startTocsin } from '../support/tocsin.ts';

const fixture = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../fixtures/${name}.json`, import.meta.url), 'utf8'));

const CONFIGURATION = `
users:
  - { id: ana, name: Ana Wei, contacts: [{ id: mail, channel: email, to: ana@example.com }], notificationRules: { high: [{ after: 0s, contact: mail }] } }
  - { id: bob, name: Bob 王, contacts: [{ id: mail, channel: email, to: bob@example.com }] }
  - { id: cho, name: Cho, contacts: [{ id: mail, channel: email, to: cho@example.com }] }
  - { id: late, name: Late, contacts: [{ id: mail, channel: email, to: late@example.com }], notificationRules: { high: [{ after: 1m, contact: mail }] } }
  - { id: two, name: Two Ways, contacts: [{ id: bad, channel: email, to: bad@example.com }, { id: good, channel: email, to: good@example.com }], notificationRules: { high: [{ after: 0s, contact: bad }, { after: 1h, contact: good }] } }
escalationPolicies:
  - { id: pair, levels: [{ targets: ['user:ana', 'user:bob'], escalateAfter: 1h }] }
  - { id: steps, levels: [{ targets: ['user:ana'], escalateAfter: 3s }, { targets: ['user:cho'], escalateAfter: 1h }] }
  - { id: late, levels: [{ targets: ['user:ana', 'user:late'], escalateAfter: 1h }] }
  - { id: two, levels: [{ targets: ['user:two'], escalateAfter: 1h }] }
services:
  - { id: disks, escalationPolicy: pair, integrations: [{ source: guance, key: disks-guance-key-00000000 }, { source: events-v2, key: disks-events-key-0000000 }] }
  - { id: steps, escalationPolicy: steps, integrations: [{ source: events-v2, key: steps-events-key-0000000 }] }
  - { id: timeouts, escalationPolicy: pair, ackTimeout: 5s, integrations: [{ source: events-v2, key: timeouts-events-key-0000 }] }
  - { id: late, escalationPolicy: late, integrations: [{ source: events-v2, key: late-events-key-00000000 }] }
  - { id: two, escalationPolicy: two, integrations: [{ source: events-v2, key: two-events-key-000000000 }] }
channels: { email: { smtp: '\${SMTP_URL}', from: 'Tocsin <alerts@example.com>' } }
`;

describe('an alert becomes an incident that pages, escalates, and is acknowledged', () => {
  let tocsin: Tocsin;
  beforeAll(async () => {
    tocsin = await startTocsin(CONFIGURATION);
  });
  afterAll(async () => {
    await tocsin?.stop();
  });
  const mailsTo = (address: string, about: string) =>
    tocsin.smtp.mails.filter(
      ({ recipients, subject }) => recipients.some((each) => each.includes(address)) && subject.includes(about),
    );

  test('the Guance alert, 200 times at once: 202 each, one incident, one e-mail a person; its recovery resolves it', async () => {
    const path = '/integrations/guance/disks-guance-key-00000000';
    const answers = await Promise.all(Array.from({ length: 200 }, () => tocsin.post(path, fixture('guance-critical'))));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    const ids = new Set(answers.map(({ body }) => (body['events'] as { incident: string }[])[0]?.incident));
    expect(ids.size).toBe(1);
    const incident = await tocsin.incident('13713ac25e993a37d2ca5899e2a7bba6');
    expect([...ids]).toEqual([incident.id]);

    const summary = '实例名称为 share 磁盘使用率过高';
    await tocsin.smtp.waitFor((mails) => mails.filter(({ subject }) => subject.includes(summary)).length >= 2);
    expect((await tocsin.read(incident.id)).eventCount).toBe(200);
    await sleep(1_000);
    expect(mailsTo('ana@example.com', summary)).toHaveLength(1);
    expect(mailsTo('bob@example.com', summary)).toHaveLength(1);
    expect(mailsTo('bob@example.com', summary)[0]).toMatchObject({
      toName: 'Bob 王',
      subject: `[${incident.id.slice(-8)}] ${summary}`,
    });

    expect((await tocsin.post(path, fixture('guance-recovered'))).status).toBe(202);
    await eventually(
      () => tocsin.read(incident.id),
      ({ status }) => status === 'resolved',
    );
    const [listed] = (
      await tocsin.get<{ incidents: { id: string; status: string }[] }>('/v1/incidents?status=resolved')
    ).body.incidents;
    expect(listed).toMatchObject({ id: incident.id });
  });

  test('after it is resolved, the next trigger is a new incident that names the one before it [L2.7] [F 2]', async () => {
    await tocsin.event('disks-events-key-0000000', 'again');
    const first = await tocsin.incident('again');
    await tocsin.event('disks-events-key-0000000', 'again', 'resolve');
    await eventually(
      () => tocsin.read(first.id),
      ({ status }) => status === 'resolved',
    );
    const { body } = await eventually(
      () => tocsin.event('disks-events-key-0000000', 'again'),
      () => true,
    );
    expect(body).toMatchObject({ status: 'success', dedup_key: 'again' });
    const second = await eventually(
      () => tocsin.incident('again'),
      ({ id }) => id !== first.id,
    );
    expect(second).toMatchObject({ previous: first.id, eventCount: 1, status: 'triggered' });
    expect(await tocsin.read(first.id)).toMatchObject({ status: 'resolved', eventCount: 2 });
  });

  test('level 1 unanswered: level 2 is told after its delay, never early', async () => {
    await tocsin.event('steps-events-key-0000000', 'steps');
    const { id } = await tocsin.incident('steps');
    await tocsin.smtp.waitFor((mails) =>
      mails.some(({ recipients, subject }) => recipients.includes('cho@example.com') && subject.includes('steps')),
    );
    const [first] = mailsTo('ana@example.com', 'steps');
    const [second] = mailsTo('cho@example.com', 'steps');
    expect(second!.receivedAt - Date.parse((await tocsin.read(id)).createdAt)).toBeGreaterThanOrEqual(3_000);
    expect(second!.receivedAt).toBeGreaterThan(first!.receivedAt);
    expect(await tocsin.read(id)).toMatchObject({ level: 2, assignees: ['cho'], status: 'triggered' });
    expect((await tocsin.next(id)).map(({ kind }) => kind)).toEqual(['lastResort']);
  });

  test('an ack stops the second level', async () => {
    await tocsin.event('steps-events-key-0000000', 'stopped');
    const { id } = await tocsin.incident('stopped');
    expect(await tocsin.command(id, 'acknowledge', { as: 'ana' })).toMatchObject({
      status: 200,
      body: { status: 'acknowledged' },
    });
    await sleep(4_000);
    expect(mailsTo('cho@example.com', 'stopped')).toEqual([]);
    expect(await tocsin.read(id)).toMatchObject({ level: 1, acknowledgements: [{ user: 'ana' }] });
  });

  test('A acks at 0:02, B at 0:04, timeout 5 s: triggered again at 0:09, not at 0:07', async () => {
    await tocsin.event('timeouts-events-key-0000', 'timeouts');
    const { id } = await tocsin.incident('timeouts');
    await sleep(2_000);
    await tocsin.command(id, 'acknowledge', { as: 'ana' });
    await sleep(2_000);
    const { body } = await tocsin.command(id, 'acknowledge', { as: 'bob' });
    const acked = Date.parse(
      (body['acknowledgements'] as { user: string; at: string }[]).find(({ user }) => user === 'bob')!.at,
    );
    await sleep(acked + 4_500 - Date.now());
    expect((await tocsin.read(id)).status).toBe('acknowledged');
    await eventually(
      () => tocsin.read(id),
      ({ status }) => status === 'triggered',
      3_000,
    );
    const timedOut = (await tocsin.timeline(id)).find(({ type }) => type === 'ackTimedOut')!;
    expect(Date.parse(timedOut.at) - acked).toBeGreaterThanOrEqual(5_000);
    await tocsin.smtp.waitFor(() => mailsTo('', 'timeouts').length >= 4);
    expect(mailsTo('ana@example.com', 'timeouts')).toHaveLength(2);
    expect(mailsTo('bob@example.com', 'timeouts')).toHaveLength(2);
  });

  test('minute zero holds against an ack by another and a resolve, however slow the provider; a delayed rule goes unheard', async () => {
    tocsin.smtp.at('message', { hold: 1_500 });
    try {
      await tocsin.event('disks-events-key-0000000', 'zero');
      const { id } = await tocsin.incident('zero');
      await tocsin.command(id, 'acknowledge', { as: 'cho' });
      await tocsin.command(id, 'resolve', { as: 'cho' });
      await tocsin.event('late-events-key-00000000', 'zero-late');
      const late = await tocsin.incident('zero-late');
      await tocsin.command(late.id, 'resolve', { as: 'cho' });
      await tocsin.smtp.waitFor(
        () => mailsTo('ana@example.com', 'zero').length >= 2 && mailsTo('bob@example.com', 'zero').length >= 1,
      );
      const ledger = await eventually(
        () => tocsin.ledger(id),
        (all) => all.every(({ status }) => status === 'sent'),
      );
      expect(ledger).toHaveLength(2);
      expect(await tocsin.ledger(late.id)).toMatchObject([
        { user: 'ana' },
        { user: 'late', status: 'cancelled', reason: 'resolved', attempts: [] },
      ]);
      expect(mailsTo('late@example.com', '')).toEqual([]);
    } finally {
      tocsin.smtp.behave();
    }
  });

  test('an address that is refused for good: the next rule at once, and both stand in the ledger', async () => {
    tocsin.smtp.at('recipient', { answer: { code: 550, text: 'no such user' } }, { recipient: 'bad@example.com' });
    await tocsin.event('two-events-key-000000000', 'two');
    const { id } = await tocsin.incident('two');
    await tocsin.smtp.waitFor(() => mailsTo('good@example.com', 'two').length === 1);
    await eventually(
      () => tocsin.ledger(id),
      (ledger) => ledger.some(({ status }) => status === 'sent'),
    );
    expect(await tocsin.ledger(id)).toMatchObject([
      { contact: 'bad', status: 'failed', attempts: [{ outcome: 'failed', code: 'ADDRESS_REFUSED' }] },
      { contact: 'good', status: 'sent', minuteZero: true, cause: 'fallback' },
    ]);
  });

  test('the SMTP server is away: attempted again under the same key, and sent when it is back', async () => {
    await tocsin.smtp.refuse();
    await tocsin.event('disks-events-key-0000000', 'away');
    const { id } = await tocsin.incident('away');
    await eventually(
      () => tocsin.ledger(id),
      ([first]) => (first?.attempts.length ?? 0) >= 2,
    );
    await tocsin.smtp.listen();
    const ledger = await eventually(
      () => tocsin.ledger(id),
      (all) => all.every(({ status }) => status === 'sent'),
    );
    for (const { attempts, idempotencyKey } of ledger) {
      expect(attempts.at(-1)).toMatchObject({ outcome: 'sent' });
      expect(attempts.slice(0, -1).every(({ code }) => code === 'PROVIDER_UNREACHABLE')).toBe(true);
      expect(tocsin.smtp.mails.filter(({ messageId }) => messageId.includes(idempotencyKey))).toHaveLength(1);
    }
  });

  test('an ack given while no worker runs is answered 202, and holds when one is back', async () => {
    await tocsin.event('disks-events-key-0000000', 'noworker');
    const { id } = await tocsin.incident('noworker');
    await tocsin.worker.stop();
    const answer = await tocsin.command(id, 'acknowledge', { as: 'ana' });
    expect(answer).toMatchObject({ status: 202, body: { status: 'recorded' } });
    await tocsin.worker.start();
    const acked = await eventually(
      () => tocsin.read(id),
      ({ status }) => status === 'acknowledged',
    );
    expect(acked.acknowledgements).toHaveLength(1);
  });

  test('a command on a closed incident is answered 409 with the present truth', async () => {
    await tocsin.event('disks-events-key-0000000', 'closed');
    const { id } = await tocsin.incident('closed');
    await eventually(
      () => tocsin.ledger(id),
      (all) => all.every(({ status }) => status === 'sent'),
    );
    await tocsin.command(id, 'resolve', { as: 'ana', resolution: 'turned it off and on' });
    const { status, body } = await eventually(
      () => tocsin.command(id, 'acknowledge', { as: 'bob' }),
      () => true,
    );
    expect(status).toBe(409);
    expect(body['detail']).toMatch(/already resolved by Ana Wei at/);
    expect(body['incident']).toMatchObject({ id, status: 'resolved' });
  });

  test('the link of an e-mail: scanners change nothing, one POST acts, and used again it is refused with the present truth', async () => {
    await tocsin.event('disks-events-key-0000000', 'linked');
    const { id } = await tocsin.incident('linked');
    await tocsin.smtp.waitFor(() => mailsTo('ana@example.com', 'linked').length === 1);
    const [link = ''] = /http:\S+\/ack\/\S+/.exec(mailsTo('ana@example.com', 'linked')[0]!.text) ?? [];
    const post = (to = link) =>
      fetch(to, { method: 'POST', body: new URLSearchParams({ action: 'acknowledge' }), redirect: 'manual' });
    for (let times = 0; times < 25; times += 1) {
      expect((await fetch(link, { headers: { 'sec-purpose': 'prefetch' } })).status).toBe(200);
      expect((await fetch(link, { method: 'HEAD' })).status).toBe(200);
    }
    expect(await tocsin.read(id)).toMatchObject({ status: 'triggered', acknowledgements: [] });

    expect((await post()).status).toBe(200);
    expect(await tocsin.read(id)).toMatchObject({ status: 'acknowledged', acknowledgements: [{ user: 'ana' }] });
    await tocsin.command(id, 'unacknowledge', { as: 'ana' });
    const again = await post();
    expect(again.status).toBe(409);
    expect(await again.text()).toContain('This link was already used for that');
    expect((await tocsin.read(id)).status).toBe('triggered');
    expect((await post(link.replace('/ack/v1.W', '/ack/v1.X'))).status).toBe(403);
  });

  test('a command repeated under its Idempotency-Key is done once, and answered with the incident as it is now', async () => {
    await tocsin.event('disks-events-key-0000000', 'repeated');
    const { id } = await tocsin.incident('repeated');
    const key = { 'idempotency-key': 'one' };
    expect(await tocsin.command(id, 'acknowledge', { as: 'ana' }, key)).toMatchObject({
      body: { status: 'acknowledged' },
    });
    await tocsin.command(id, 'unacknowledge', { as: 'ana' });
    expect(await tocsin.command(id, 'acknowledge', { as: 'ana' }, key)).toMatchObject({
      status: 200,
      body: { status: 'triggered' },
    });
  });
});
