/** The table of commands, from which parser, help, completion, sessions and the client's methods are derived. */

import type { BasePool } from '../index.ts';
import { printableName } from '../printable/text.ts';
import type { Audience, Command } from './command.ts';
import { cancelling } from './commands/cancelling.ts';
import { groups } from './commands/groups.ts';
import { history } from './commands/history.ts';
import { limits } from './commands/limits.ts';
import { making } from './commands/making.ts';
import { session } from './commands/session.ts';
import { simple } from './commands/simple.ts';
import { sizeAndState } from './commands/size-and-state.ts';
import { watching } from './commands/watching.ts';
import { CommandNotFound } from './errors.ts';
import { dashed } from './names.ts';

/** The commands by family, in the order of the help. */
export const FAMILIES = {
  'Making tasks': making,
  'Starting and stopping': simple,
  'Size and state': sizeAndState,
  Cancelling: cancelling,
  Groups: groups,
  'Limits and priorities': limits,
  Watching: watching,
  History: history,
  Session: session,
} as const;

/** Every command, by its name in camelCase. */
export const COMMANDS = {
  ...making,
  ...simple,
  ...sizeAndState,
  ...cancelling,
  ...groups,
  ...limits,
  ...watching,
  ...history,
  ...session,
};

/** The type of the table: commands, parameters and answers. */
export type Commands = typeof COMMANDS;

/** The name of a command in code: `poolSize`. */
export type CommandKey = keyof Commands;

const BY_NAME: ReadonlyMap<string, Command> = new Map(
  Object.entries(COMMANDS).map(([key, command]) => [dashed(key), command as unknown as Command]),
);

/** A command and its name on a command line. */
export interface NamedCommand {
  readonly name: string;
  readonly command: Command;
}

/** The audience whose commands a pool has. */
export function audienceOf(pool: BasePool): Audience {
  return pool.kind;
}

/** The names of the commands for an audience. */
export function commandNames(audience: Audience): string[] {
  return [...BY_NAME].filter(([, { of }]) => suits(of, audience)).map(([name]) => name);
}

/**
 * Finds a command by its name, in any case.
 *
 * @throws CommandNotFound
 */
export function findCommand(name: string, audience: Audience): NamedCommand {
  const lower = name.toLowerCase();
  const command = BY_NAME.get(lower);
  if (command === undefined) {
    throw new CommandNotFound(`expected a command, got '${printableName(name)}' (-h lists them)`);
  }
  if (suits(command.of, audience)) return { name: lower, command };
  throw new CommandNotFound(`expected a command of ${audience}, got '${lower}' of ${command.of}`);
}

/**
 * Finds a command by its name, in any case, for any kind of pool.
 *
 * @throws CommandNotFound
 */
export function findAnyCommand(name: string): NamedCommand {
  const audience = BY_NAME.get(name.toLowerCase())?.of;
  return findCommand(
    name,
    audience === undefined || audience === 'every pool' ? 'TaskPool' : audience,
  );
}

export function suits(of: Audience, audience: Audience): boolean {
  return of === 'every pool' || of === audience;
}
