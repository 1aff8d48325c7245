/** `tocsin token create`: a new token, shown once, and what the configuration holds of it (interfaces §5, "Who may do what"). */
import { createHash, randomBytes } from 'node:crypto';
import { readEnvironment } from '../config/environment.ts';
import { loadConfiguration } from '../config/load.ts';
import type { Configuration, Role } from '../domain/configuration.ts';
import { TocsinError } from '../domain/errors.ts';

export interface TokenOptions {
  readonly user?: string;
  readonly id?: string;
  readonly role: Role;
  readonly mayActAs: boolean;
}

/** Says of a string that was found somewhere what it is; secret scanners look for it too. */
const PREFIX = 'tocsin_';
const RANDOM_BYTES = 32;

/**
 * Prints the token and its line for `tokens:`; keeps neither. Resolves to the exit code. Throws BAD_REQUEST where it would be
 * nobody's, UNKNOWN_USER and BAD_CONFIGURATION where the present configuration knows no such user, or has a token of that id;
 * one that cannot be loaded here (its secrets may be elsewhere) is not asked, and says so.
 */
export async function createToken(env: NodeJS.ProcessEnv, options: TokenOptions): Promise<number> {
  const { user, role, mayActAs } = options;
  const id = options.id ?? (user === undefined ? undefined : `${user}-cli`);
  if (id === undefined)
    throw new TocsinError('BAD_REQUEST', 'say whose it is, --user <id>; or --id <name> for one that is no user’s');
  if (!/^[A-Za-z0-9_.@-]{1,64}$/.test(id))
    throw new TocsinError(
      'BAD_REQUEST',
      `--id: expected 1 to 64 letters, digits and _ . @ -, found ${JSON.stringify(id)}`,
    );
  const present = configurationOf(env);
  if (present !== undefined) check(present, id, user);
  const token = `${PREFIX}${randomBytes(RANDOM_BYTES).toString('base64url')}`;
  const hash = createHash('sha256').update(token).digest('hex');
  const line = [
    `id: ${JSON.stringify(id)}`,
    `hash: "sha256:${hash}"`,
    `role: ${role}`,
    ...(user === undefined ? [] : [`user: ${JSON.stringify(user)}`]),
    ...(mayActAs ? ['mayActAs: true'] : []),
  ].join(', ');
  process.stdout.write(
    `Token, shown only now:\n  ${token}\n\nFor the configuration:\ntokens:\n  - { ${line} }\n\n` +
      'It is good from the next reload on, until its line is removed.\n',
  );
  if (present === undefined)
    process.stderr.write('The configuration cannot be loaded here, so the id and the user are not checked.\n');
  return 0;
}

function configurationOf(env: NodeJS.ProcessEnv): Configuration | undefined {
  try {
    return loadConfiguration(readEnvironment(env).configPath, env).configuration;
  } catch (error) {
    if (error instanceof TocsinError && error.code === 'BAD_CONFIGURATION') return undefined;
    throw error;
  }
}

function check({ users, tokens }: Configuration, id: string, user: string | undefined): void {
  if (user !== undefined && !users.has(user))
    throw new TocsinError(
      'UNKNOWN_USER',
      `${user} is not among the configuration's users: ${[...users.keys()].join(', ')}`,
    );
  if (tokens.some((token) => token.id === id))
    throw new TocsinError('BAD_CONFIGURATION', `the configuration has a token ${id}; name this one with --id`);
}
