/** What calls say, read by an XML parser that is not ours: Python's expat. Needs python3. */
import { execFileSync } from 'node:child_process';
import { spokenIncident } from '../../telephony/spoken.ts';
import { twimlOf } from '../../telephony/twiml.ts';
import { HOSTILE, HOSTILE_TO_CALLS } from '../activities/hostileTexts.ts';
import { parseXml } from '../support/providers/xml.ts';

const PROGRAM = `
import json, sys, xml.etree.ElementTree as tree
def read(element):
    return [element.tag, element.text or '', [read(child) for child in element]]
print(json.dumps([read(tree.fromstring(document.encode('utf-8'))) for document in json.load(sys.stdin)]))
`;

test('whatever an alert says, a call is a document with one Gather, that holds what is said', async () => {
  const texts = [...HOSTILE, ...HOSTILE_TO_CALLS];
  const reader = { language: 'de', timezone: 'Europe/Berlin' } as const;
  const documents = await Promise.all(
    texts.map((text) =>
      twimlOf({
        language: 'de',
        says: (limit) =>
          spokenIncident({ service: text, summary: text, severity: null, drill: true, truth: text }, reader, limit),
        keysTo: `https://tocsin.example.com/?${new URLSearchParams({ text: text.slice(0, 20) }).toString()}&x="<'`,
      }),
    ),
  );
  const read = JSON.parse(
    execFileSync('python3', ['-c', PROGRAM], { input: JSON.stringify(documents), maxBuffer: 2 ** 26 }).toString(),
  ) as [string, string, [string, string, [string, string, []][]][]][];
  expect(read).toHaveLength(texts.length);
  read.forEach(([root, , [gather, ...rest]], index) => {
    expect([root, gather?.[0], rest]).toEqual(['Response', 'Gather', []]);
    expect(new Set(gather![2].map(([name]) => name))).toEqual(new Set(['Say']));
    // And by the parser of the other tests the same.
    const [own] = parseXml(documents[index]!).children;
    const said =
      typeof own === 'object' ? own.children.map((say) => (typeof say === 'object' ? say.children[0] : say)) : [];
    expect(gather![2].map(([, text]) => text)).toEqual(said);
  });
});
