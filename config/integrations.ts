/** What only all integrations together can say, and what a source may be told. */
import { suggestion } from './nearest.ts';
import type { Path, Problem } from './problems.ts';
import { NEEDS, SETTINGS, SOURCES } from './schema/integration.ts';
import { at, maps } from './tree.ts';
import type { Fields, Trees } from './tree.ts';

interface WrittenIntegration {
  readonly path: Path;
  /** Null: of no service. */
  readonly service: Path | null;
  /** Also where it is left to the default. */
  readonly id: string;
  readonly key: unknown;
  readonly source: unknown;
  readonly settings: Fields;
}

/** Of all services, and of none. */
export function integrationsOf(tree: unknown): readonly WrittenIntegration[] {
  const listed = (list: Path, service: Path | null, defaultId: (source: string) => string) =>
    maps(tree, list).map(([path, { id, key, source, ...settings }]) => ({
      path,
      service,
      id: typeof id === 'string' ? id : defaultId(String(source)),
      key,
      source,
      settings,
    }));
  return [
    ...maps(tree, ['services']).flatMap(([service, { id }]) =>
      listed([...service, 'integrations'], service, (source) => integrationId(String(id), source)),
    ),
    ...listed(['integrations'], null, routedId),
  ];
}

/** The id of an integration that has none of its own (interfaces §3). */
export const integrationId = (service: string, source: string): string => `${service}-${source}`;
export const routedId = (source: string): string => `routed-${source}`;

/** That `id` is the id of an integration, of a service or of none. */
export function integrationReference({ tree, written }: Trees, path: Path, id: unknown): readonly Problem[] {
  const ids = (of: unknown): readonly string[] => integrationsOf(of).map((integration) => integration.id);
  if (typeof id !== 'string' || ids(tree).includes(id)) return [];
  const sentence = (found: string): string => `${found}: there is no such integration${suggestion(id, ids(written))}`;
  return [{ path, says: { sentence } }];
}

/** That ids and keys are their own, and that a setting is of their source. */
export function checkIntegrations({ tree, written }: Trees): readonly Problem[] {
  const integrations = integrationsOf(tree);
  const named = ({ service }: WrittenIntegration): string =>
    `an integration of ${service === null ? 'no service' : `service ${String(at(written, [...service, 'id']))}`}`;
  return integrations.flatMap((one, index): Problem[] => {
    const before = integrations.slice(0, index);
    const problems: Problem[] = [];
    const twin = before.find(({ id }) => id === one.id);
    if (twin !== undefined) {
      const sentence = `${named(twin)} has the same id; give this one an id of its own`;
      problems.push({ path: [...one.path, 'id'], says: { sentence } });
    }
    if (one.id.length > 64) {
      const sentence = 'its id, <service>-<source>, would have more than 64 characters; give it a shorter one';
      problems.push({ path: one.path, says: { sentence } });
    }
    const same = before.find(({ key }) => typeof key === 'string' && key === one.key);
    if (same !== undefined) {
      const sentence = `${named(same)} has the same routing key; give each its own`;
      problems.push({ path: [...one.path, 'key'], says: { sentence } });
    }
    return [...problems, ...foreignSettings(one), ...lackingSettings(one)];
  });
}

const KNOWN: readonly unknown[] = SOURCES;

/** Settings that a source is not told. A source that is none is an error by itself. */
const foreignSettings = ({ path, source, settings }: WrittenIntegration): readonly Problem[] =>
  Object.entries(SETTINGS)
    .filter(([setting, sources]) => setting in settings && KNOWN.includes(source) && !sources.includes(String(source)))
    .map(([setting, sources]) => {
      const sentence = `${setting} is a setting of source ${sources.join(', ')}; this one is of source ${String(source)}: leave it out`;
      return { path: [...path, setting], at: 'key', says: { sentence } };
    });

const lackingSettings = ({ path, source, settings }: WrittenIntegration): readonly Problem[] =>
  Object.entries(NEEDS)
    .filter(([, needed]) => SETTINGS[needed].includes(String(source)))
    .filter(([setting, needed]) => setting in settings && !(needed in settings))
    .map(([setting, needed]) => {
      const sentence = `${setting} says nothing without a ${needed}; add one, or leave it out`;
      return { path: [...path, setting], at: 'key', says: { sentence } };
    });

/** Routing keys that could be guessed: warned of, never refused. */
export function weakKeys(tree: unknown): readonly Problem[] {
  const sentence = 'this routing key has fewer than 20 characters and could be guessed; a random one of 32 could not';
  return integrationsOf(tree)
    .filter(({ key }) => typeof key === 'string' && key.length < 20)
    .map(({ path }) => ({ path: [...path, 'key'], says: { sentence } }));
}

/** Integrations whose senders nothing proves, though they could be: warned of. */
export function unverified(tree: unknown): readonly Problem[] {
  const sentence = 'whoever has this address with its key may send, as if they were Amazon; leave verify out';
  return integrationsOf(tree)
    .filter(({ source, settings }) => source === 'cloudwatch' && settings['verify'] === false)
    .map(({ path }) => ({ path: [...path, 'verify'], says: { sentence } }));
}
