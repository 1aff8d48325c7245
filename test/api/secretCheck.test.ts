import { identityWith, strangersTo } from '../../links/secretCheck.ts';

test('a worker with another secret is known by its identity; one with the same, or that shows none, is not accused', () => {
  const isStranger = strangersTo('the secret of both');
  expect(identityWith('42@host', 'the secret of both')).toMatch(/^42@host secret-check:[0-9a-f]{4}$/);
  expect(isStranger(identityWith('42@host', 'the secret of both'))).toBe(false);
  expect(isStranger(identityWith('42@host', 'the secret of one'))).toBe(true);
  expect(isStranger('42@host')).toBe(false);
});
