/** Bodies as no source sends them: documented ones, changed at random, the same for the same seed. */

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** Numbers in [0, 1) by mulberry32: small, and the same on every machine. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const POISON = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'toJSON', 'then', 'length', ''];
const VALUES: readonly Json[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  1e300,
  -1e300,
  4_102_444_800,
  '',
  ' ',
  '\u0000',
  '\ud800',
  '\u202e\u2066',
  '1e999',
  '0001-01-01T00:00:00Z',
  '+275760-09-13T00:00:00Z',
  '99999999999999999999',
  'NaN',
  'javascript:alert(1)',
  '{"a":',
  'trigger',
  'acknowledge',
  'resolve',
  'firing',
  'resolved',
  'critical',
  'ok',
  'create',
  'flapping',
  '🔥磁盘',
];
const BIG = ['x'.repeat(2_000), '\u0001'.repeat(700), '磁'.repeat(1_500), 'x'.repeat(40_000)];
/** As text, for JSON.stringify writes no such thing. */
const ENDS = ['', '}', ']', ',', '\u0000', '"', 'NaN', '\uFEFF', '[[[[[[[['];

/** `count` bodies as text; each is one of `samples` with one to four changes. */
export function* mutated(samples: readonly unknown[], seed: number, count: number): Generator<string> {
  const random = randomOf(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const one = <T>(list: readonly T[]): T => list[below(list.length)] as T;

  const nested = (value: Json): Json => {
    let result = value;
    for (let depth = below(25); depth >= 0; depth--) result = random() < 0.5 ? [result] : { a: result };
    return result;
  };
  const another = (value: Json): Json => {
    const kind = random();
    if (kind < 0.5) return structuredClone(one(VALUES));
    if (kind < 0.6) return one(BIG);
    if (kind < 0.7) return nested(value);
    if (kind < 0.8) return Object.fromEntries(POISON.map((name) => [name, { prototype: { polluted: true } }]));
    if (kind < 0.85) return Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`member ${index}`, index]));
    if (kind < 0.9) return Array.from({ length: below(20) }, () => value);
    return JSON.stringify(value);
  };
  /** A copy with one place in it changed: a member dropped, replaced, renamed, doubled or added. */
  const changed = (value: Json): Json => {
    if (typeof value !== 'object' || value === null || random() < 0.05) return another(value);
    const entries = Object.entries(value);
    if (entries.length === 0) return another(value);
    const place = below(entries.length);
    const [name, member] = entries[place] as [string, Json];
    const deeper = typeof member === 'object' && member !== null && random() < 0.75;
    const kind = deeper ? 1 : random();
    const put: [string, Json][] = deeper
      ? [[name, changed(member)]]
      : kind < 0.25
        ? []
        : kind < 0.8
          ? [[name, another(member)]]
          : kind < 0.85
            ? [
                [name, member],
                [`${name}2`, member],
              ]
            : kind < 0.9
              ? [[one(POISON), member]]
              : [
                  [name, member],
                  [one(POISON), another(member)],
                ];
    const all = entries.toSpliced(place, 1, ...put);
    return Array.isArray(value) ? all.map(([, item]) => item) : Object.fromEntries(all);
  };

  for (let made = 0; made < count; made++) {
    let body = structuredClone(one(samples)) as Json;
    for (let changes = 1 + below(4); changes > 0; changes--) body = changed(body);
    let text = JSON.stringify(body);
    if (random() < 0.1) text = text.slice(0, below(text.length)) + one(ENDS);
    yield text;
  }
}
