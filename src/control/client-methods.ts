/** The types of a client's methods, derived from the table of commands. */

import type { PoolEvent } from '../index.ts';
import type { Command, Option, Options, Positional, Positionals } from './command.ts';
import type { Commands } from './table.ts';

/** Positional parameters as function parameters. */
type Places<P extends Positionals> = P extends readonly [
  infer First,
  ...infer Rest extends Positionals,
]
  ? [...Place<First>, ...Places<Rest>]
  : [];

type Place<P> =
  P extends Positional<infer _, infer T, infer K>
    ? K extends 'one'
      ? [T]
      : K extends 'optional'
        ? [T?]
        : T[]
    : never;

/** Options as an object with optional properties. */
type Bag<O extends Options> = {
  readonly [K in keyof O]?: (O[K] extends Option<infer T, infer _> ? T : never) | undefined;
};

type Parameters<P extends Positionals, O extends Options> = keyof O extends never
  ? Places<P>
  : [...Places<P>, options?: Bag<O>];

/** The parameters of a stream of events: any number of types, or an object of options. */
type Streamed<P extends Positionals, O extends Options> = Places<P> | [options: Bag<O> & Named<P>];

type Named<P extends Positionals> = {
  readonly [K in P[number] as K['name']]?: readonly (K extends Positional<infer _, infer T>
    ? T
    : never)[];
};

/** A command as a method: positional parameters, then options as an object. */
export type Method<C> =
  C extends Command<infer P, infer O, infer R, infer S>
    ? S extends true
      ? (...args: Streamed<P, O>) => AsyncIterable<PoolEvent>
      : (...args: Parameters<P, O>) => Promise<Awaited<R>>
    : never;

/** Every command of the table as a method. */
export type ClientMethods = { readonly [K in keyof Commands]: Method<Commands[K]> };
