import * as fc from 'fast-check';
import { live, outcomeOf } from '../model/live.ts';
import { predict } from '../model/predict.ts';
import { scenarios } from '../model/scenarios.ts';
import { tell, tellOutcome } from '../model/tell.ts';

const numRuns = Number(process.env['TOCSIN_PROPERTY_RUNS'] ?? 2_000);
const readable = fc.noShrink;
void readable;

test('model', () => {
  fc.assert(
    fc.property(scenarios, (world) => {
      let lived: string[];
      try {
        lived = tellOutcome(outcomeOf(live(world)));
      } catch (e) {
        lived = [String(e)];
      }
      const predicted = tellOutcome(predict(world));
      if (JSON.stringify(lived) !== JSON.stringify(predicted))
        throw new Error(`\n${tell(world)}\n--- model\n${predicted.join('\n')}\n--- domain\n${lived.join('\n')}`);
    }),
    { numRuns },
  );
});
