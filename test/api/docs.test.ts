/** The pages that describe the API, over a real socket, as a browser fetches them. */
import { type StandIns, apiOnStandIns } from './support/standIns.ts';

describe('what describes the API', () => {
  let api: StandIns;
  let url: string;
  beforeAll(async () => {
    api = await apiOnStandIns();
    url = await api.app.listen({ host: '127.0.0.1', port: 0 });
  });
  afterAll(() => api.app.close());

  const document = async (path: string) =>
    (await (await fetch(`${url}${path}`)).json()) as { openapi: string; paths: object; servers: { url: string }[] };

  it('is an OpenAPI 3.1 document that needs no token', async () => {
    const { openapi, paths, servers } = await document('/openapi.json');
    expect(openapi).toBe('3.1.0');
    expect(servers).toEqual([{ url: 'http://127.0.0.1:8080' }]);
    expect(Object.keys(paths)).toEqual(expect.arrayContaining(['/v1/incidents', '/pagerduty/v2/enqueue', '/healthz']));
    expect(Object.keys(paths).filter((path) => path.startsWith('/docs'))).toEqual([]);
  });

  it('is a page under /docs that loads all it needs from here, and nothing from elsewhere', async () => {
    const page = await fetch(`${url}/docs`);
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const assets = [...(await page.text()).matchAll(/(?:href|src)="([^"]+)"/g)].map(([, asset]) => String(asset));
    expect(assets.length).toBeGreaterThan(4);
    for (const asset of assets) {
      expect(asset).toMatch(/^\/docs\/static\//);
      const answer = await fetch(`${url}${asset}`);
      expect([asset, answer.status, (await answer.text()).length > 100]).toEqual([asset, 200, true]);
    }
    const policy = page.headers.get('content-security-policy');
    expect(policy).toMatch(/default-src 'none'; script-src 'self';/);
    expect(policy).not.toMatch(/https?:|\*|unsafe-eval/);
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('describes there what the page itself can ask: the origin that it came from', async () => {
    const shown = await document('/docs/json');
    expect(shown.servers).toEqual([{ url: '/' }]);
    expect(shown.paths).toEqual((await document('/openapi.json')).paths);
  });

  it.each(['/docs/static/../../package.json', '/docs/static/%2e%2e/%2e%2e/package.json', '/docs/static/nothing.js'])(
    'serves no other file: %s',
    async (path) => expect((await fetch(`${url}${path}`)).status).toBe(404),
  );
});

test('an error of our own is described as what it is: application/problem+json', async () => {
  const { app } = await apiOnStandIns();
  const document = (await app.inject('/openapi.json')).json<{
    paths: Record<string, Record<string, { responses: Record<string, { content?: object }> }>>;
  }>();
  await app.close();
  const types = Object.entries(document.paths)
    .filter(([path]) => path.startsWith('/v1/'))
    .flatMap(([, methods]) => Object.values(methods))
    .flatMap(({ responses }) => Object.entries(responses))
    .filter(([status]) => Number(status) >= 400)
    .flatMap(([, { content }]) => Object.keys(content ?? {}));
  expect(types.length).toBeGreaterThan(20);
  expect(new Set(types)).toEqual(new Set(['application/problem+json']));
});
