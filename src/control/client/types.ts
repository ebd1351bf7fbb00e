/** The types of commands' arguments and answers, derived from the table of commands. */

import type { Command, Option, Options, Positional, Positionals } from '../command.ts';
import type { CommandKey, Commands } from '../table.ts';

type Value<P> =
  P extends Positional<infer _, infer T, infer K>
    ? K extends 'some' | 'any'
      ? readonly T[]
      : T
    : never;

type Needed<P extends Positionals> = {
  readonly [A in P[number] as A extends { readonly takes: 'one' | 'some' }
    ? A['name']
    : never]: Value<A>;
};

type Optional<P extends Positionals> = {
  readonly [A in P[number] as A extends { readonly takes: 'optional' | 'any' }
    ? A['name']
    : never]?: Value<A>;
};

type Named<O extends Options> = {
  readonly [K in keyof O]?: O[K] extends Option<infer T, infer _> ? T | undefined : never;
};

/** The arguments of a command in a request, by name. */
export type ArgumentsOf<K extends CommandKey> =
  Commands[K] extends Command<infer P, infer O> ? Needed<P> & Optional<P> & Named<O> : never;

/** The type of a command's answer. */
export type AnswerOf<K extends CommandKey> =
  Commands[K] extends Command<infer _, infer _O, infer R> ? Awaited<R> : never;
