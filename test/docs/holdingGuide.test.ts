/** The guide to alerts that come and go: its configuration loads, with the settings that it explains. */
import { minutes } from '../../domain/duration.ts';
import { load } from '../config/written.ts';
import { block } from '../support/guides.ts';

test('the configuration that the guide to alerts that come and go prints has what it explains', () => {
  const { services } = load(block('holding', 'yaml', 'services')).configuration;
  expect(services.get('payments')).toMatchObject({
    holdFor: minutes(3),
    threshold: { moreThan: 3, within: minutes(5) },
    reopenWindow: minutes(15),
    flapping: { transitions: 5, within: minutes(10), quiet: minutes(15), digestEvery: minutes(30) },
  });
});
