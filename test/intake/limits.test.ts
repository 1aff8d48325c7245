import { MAX_DETAILS, withinDetailsLimit } from '../../intake/limits.ts';

const bytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

describe('details of an event', () => {
  it('stay as they are up to 32 KiB', () => {
    const details = { log: 'x'.repeat(MAX_DETAILS - bytes({ log: '' })) };
    expect(bytes(details)).toBe(32 * 1024);
    expect(withinDetailsLimit(details)).toBe(details);
  });

  it('are cut and marked beyond it, the long text and not the short ones', () => {
    const cut = withinDetailsLimit({ log: 'x'.repeat(40_000), host: 'db1', dump: ['y'.repeat(40_000)] });
    expect(Object.keys(cut)).toEqual(['log', 'host', 'detailsTruncated']);
    expect(cut).toMatchObject({ host: 'db1', detailsTruncated: true });
    expect(String(cut['log']).length).toBeGreaterThan(8_000);
    expect(bytes(cut)).toBeLessThanOrEqual(MAX_DETAILS);
  });

  it.each(['"', '\u0001', '磁', '🔥'])('stay below 32 KiB whatever JSON makes of %j', (character) => {
    const cut = withinDetailsLimit({ log: character.repeat(40_000) });
    expect(bytes(cut)).toBeLessThanOrEqual(MAX_DETAILS);
    expect(Buffer.from(String(cut['log'])).toString()).toBe(cut['log']);
    expect(String(cut['log']).length).toBeGreaterThan(1_000);
  });

  it('are cut inside what they are grouped in, and marked at their top alone', () => {
    const cut = withinDetailsLimit({ labels: { host: 'db1' }, annotations: { log: 'x'.repeat(40_000), team: 'web' } });
    expect(cut).toMatchObject({ labels: { host: 'db1' }, annotations: { team: 'web' }, detailsTruncated: true });
    expect(Object.keys(cut['annotations'] as object)).toEqual(['log', 'team']);
    expect(bytes(cut)).toBeLessThanOrEqual(MAX_DETAILS);
    expect(bytes(cut)).toBeGreaterThan(MAX_DETAILS / 4);
  });

  it('of 100,000 members keep those that fit', () => {
    const details = Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`label${index}`, index]));
    const cut = withinDetailsLimit(details);
    expect(bytes(cut)).toBeLessThanOrEqual(MAX_DETAILS);
    expect(cut['label0']).toBe(0);
    expect(cut['detailsTruncated']).toBe(true);
  });
});
