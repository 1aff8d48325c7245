/** The first console: an incident is read in the Temporal UI, in a real browser (Debian's `chromium`; missing, the test fails). */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';
import { freePort } from '../support/temporalServer.ts';
import type { IncidentView } from '../../domain/view.ts';
import { afterTest, newFolder, runNode, temporalBinary } from '../cli/support.ts';
import { configurationFile } from '../support/outside.ts';
import { eventually } from '../support/tocsin.ts';

const BROWSER = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
/** `TOCSIN_SCREENSHOTS=docs npm run test:outside` renews the pictures of the docs. */
const PICTURES = process.env['TOCSIN_SCREENSHOTS'];

describe('the Temporal UI', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: BROWSER, args: ['--no-sandbox'] });
  });
  afterAll(async () => {
    await browser?.close();
  });

  test('shows what the incident is, who was told, who holds it, and what comes next', async () => {
    const folder = newFolder();
    const [port, temporal, ui] = await Promise.all([1, 2, 3].map(() => freePort()));
    const tocsin = runNode(['cli/tocsin.mjs', 'up'], {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      TEMPORAL_CLI: await temporalBinary(),
      TOCSIN_CONFIG: configurationFile(folder),
      TOCSIN_DATA_DIR: join(folder, 'data'),
      TOCSIN_API_TOKEN: 'a-token-for-the-browser',
      PORT: String(port),
      TOCSIN_TEMPORAL_PORT: String(temporal),
      TOCSIN_TEMPORAL_UI_PORT: String(ui),
    });
    // Before it is killed: stopped in good order it takes its Temporal server along.
    afterTest(async () => {
      tocsin.child.kill('SIGINT');
      await tocsin.exit;
    });
    await tocsin.says('Tocsin is running.');
    const call = async (
      method: string,
      path: string,
      body?: unknown,
    ): Promise<IncidentView & { temporalUrl: string }> => {
      const response = await fetch(`http://127.0.0.1:${port}${path}`, {
        method,
        headers: { authorization: 'Bearer a-token-for-the-browser', 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return (await response.json()) as IncidentView & { temporalUrl: string };
    };
    const details = { 磁盘: 'share', usage: '100 %' };
    const opened = await call('POST', '/v1/incidents', {
      service: 'disks',
      summary: '磁盘使用率过高 on share',
      severity: 'critical',
      details,
    });
    const { id, temporalUrl } = await eventually(
      () => call('GET', `/v1/incidents/${opened.id}`),
      ({ level }) => level === 1,
    );

    const page = await browser.newPage({ viewport: { width: 1280, height: 1000 }, colorScheme: 'light' });
    await page.goto(temporalUrl);
    await page.getByText('User Metadata').first().click();
    // The UI renders what we write as Markdown, each part in a frame of its own.
    const read = async (): Promise<string> => {
      const texts = await Promise.all(page.frames().map((frame) => frame.locator('body').innerText()));
      return texts.join('\n');
    };
    await eventually(
      read,
      (text) => text.includes('Console message to Ana Wei sent') || text.includes('console message to Ana Wei: sent'),
    );
    const text = await read();
    expect(text).toContain('磁盘使用率过高 on share');
    expect(text).toContain('TRIGGERED');
    expect(text).toContain('console message to Ana Wei: sent at');
    expect(text).toContain('escalates to level 2');
    if (PICTURES !== undefined) {
      mkdirSync(PICTURES, { recursive: true });
      await page.screenshot({ path: join(PICTURES, 'temporal-ui.png') });
    }

    await call('POST', `/v1/incidents/${id}/acknowledge`, { as: 'bob' });
    await page.reload();
    await page.getByText('User Metadata').first().click();
    await eventually(read, (shown) => shown.includes('acknowledged by Bob'));
    expect(await read()).toContain('the acknowledgement times out');
  });
});
