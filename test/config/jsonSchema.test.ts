/** What editors check by, judged by the JSON Schema validator that Fastify brings (ajv). */
import { fastify } from 'fastify';
import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { configurationJsonSchema } from '../../config/jsonSchema.ts';
import { changed, CONTACT, level, service, user, VALID } from './written.ts';

const CONFIG = new URL('../../config/', import.meta.url);
const EXAMPLES = ['tocsin.yaml', ...readdirSync(new URL('examples/', CONFIG)).map((name) => `examples/${name}`)];

describe('the JSON Schema of the configuration', () => {
  const app = fastify({ ajv: { customOptions: { coerceTypes: false, removeAdditional: false, useDefaults: false } } });
  beforeAll(async () => {
    app.post('/', { schema: { body: configurationJsonSchema() } }, () => 'valid');
    await app.ready();
  });
  afterAll(() => app.close());

  const takes = async (yaml: string): Promise<boolean> => {
    const payload = JSON.stringify(parse(yaml));
    const headers = { 'content-type': 'application/json' };
    return (await app.inject({ method: 'POST', url: '/', headers, payload })).statusCode === 200;
  };

  it.each(EXAMPLES)('takes the example %s', async (name) => {
    expect(await takes(readFileSync(new URL(name, CONFIG), 'utf8'))).toBe(true);
  });

  it.each([
    ['the smallest one', VALID],
    [
      'variables wherever a string stands',
      changed('source: guance', 'source: "${SOURCE:-guance}"').replace('5m', '${D}'),
    ],
    ['a key from a variable', changed('0123456789abcdef0123456789abcdef', '"${KEY}"')],
    ['a timeout as one word', changed(...service('ackTimeout: 30m'))],
    ['no timeout', changed(...service('ackTimeout: off'))],
    ['a timeout in full', changed(...service('ackTimeout: { after: 1h30m, resume: first-level }'))],
    [
      'urgency by support hours',
      changed(...service('urgency: { supportHours: { from: "09:00", to: "18:00", inside: high, outside: low } }')),
    ],
    ['round robin', changed(...level('assign: round-robin'))],
    ['auto-resolve', changed(...service('autoResolve: { after: 4h, from: lastEvent }'))],
    ['no auto-resolve', changed(...service('autoResolve: off'))],
    ['grouping', changed(...service('grouping: { by: [event.details.cluster], window: 5m }'))],
    ['values that ask for what happens anyway', changed(...service('grouping: off'))],
  ])('takes %s', async (_what, yaml) => {
    expect(await takes(yaml)).toBe(true);
  });

  it.each([
    ['a name that is not known', changed('    escalationPolicy:', '    escalationPolcy:')],
    ['a role that is none', changed(...user('role: boss'))],
    ['a duration without a unit', changed('escalateAfter: 5m', 'escalateAfter: 300')],
    ['a duration that is none', changed('escalateAfter: 5m', 'escalateAfter: five minutes')],
    ['an empty duration', changed('escalateAfter: 5m', 'escalateAfter: ""')],
    ['a timeout that is none', changed(...service('ackTimeout: never'))],
    ['an urgency that is none', changed(...service('urgency: medium'))],
    ['support hours without an end', changed(...service('urgency: { supportHours: { from: "09:00" } }'))],
    ['auto-resolve without its time', changed(...service('autoResolve: { from: created }'))],
    ['grouping by nothing', changed(...service('grouping: { by: [] }'))],
    ['grouping without a list', changed(...service('grouping: { window: 5m }'))],
    ['a target without its kind', changed("'user:ana'", 'ana')],
    ['another source', changed('source: guance', 'source: carrier-pigeon')],
    ['a short key', changed('0123456789abcdef0123456789abcdef', 'short')],
    ['a list that is a map', changed(`[${CONTACT}]`, CONTACT)],
    ['a level too much', changed(...level('escalateAfter: 6m')).replace('escalateAfter: 5m', 'after: 5m')],
    ['nothing', '{}'],
  ])('refuses %s', async (_what, yaml) => {
    expect(await takes(yaml)).toBe(false);
  });

  it('leaves no setting without a rule', () => {
    const free: string[] = [];
    const walk = (node: unknown, path: string): void => {
      if (typeof node !== 'object' || node === null) return;
      const rules = Object.keys(node).filter((key) => key !== 'description');
      if (!Array.isArray(node) && rules.length === 0 && !path.endsWith('not')) free.push(path);
      for (const [key, value] of Object.entries(node)) if (key !== 'enum') walk(value, `${path}/${key}`);
    };
    walk(configurationJsonSchema(), '');
    expect(free).toEqual([]);
  });
});
