import { API_TOKEN, apiOnStandIns } from './support/standIns.ts';

test('with no worker to make the attempt, a test is refused at once, and nothing is begun', async () => {
  const { app, behaviour } = await apiOnStandIns();
  behaviour.trouble = "no worker polls the task queue 'incidents'";
  const answer = await app.inject({
    method: 'POST',
    url: '/v1/users/ana/contacts/mail/test',
    headers: { authorization: `Bearer ${API_TOKEN}` },
  });
  expect(answer.statusCode).toBe(503);
  expect(answer.json()).toMatchObject({
    code: 'NO_WORKER',
    detail: "nothing was sent: no worker polls the task queue 'incidents'",
  });
  await app.close();
});
