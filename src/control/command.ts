/** The definition of a command, and the types derived from it. The commands are in `table.ts`. */

import type { BasePool, Json, PoolEvent, SimpleTaskPool, TaskPool } from '../index.ts';
import type { ValueType } from './arguments/value-types.ts';
import type { PoolHistory } from './history/pool-history.ts';
import type { Eventually } from './in-parts.ts';

/** The number of values of a positional parameter: one, at most one, at least one, any number. */
export type Takes = 'one' | 'optional' | 'some' | 'any';

/** A positional parameter. */
export interface Positional<N extends string = string, T = unknown, K extends Takes = Takes> {
  /** The name in a JSON request. */
  readonly name: N;
  /** The name in the help. */
  readonly label: string;
  readonly takes: K;
  readonly type: ValueType<T>;
  readonly help: string;
}

/** An option: `--group-name NAME` or `-g NAME`. */
export interface Option<T = unknown, D extends T | undefined = T | undefined> {
  /** The short name, one letter. */
  readonly letter: string;
  /** The name of its value in the help; missing for a switch. */
  readonly label?: string;
  /** Missing for a switch. */
  readonly type?: ValueType<T>;
  /** The value if it is not given. */
  readonly default: D;
  readonly help: string;
}

export type Positionals = readonly Positional[];
/** Options by name in camelCase, as in a JSON request. */
export type Options = Readonly<Record<string, Option>>;

type PositionalArgument<P> =
  P extends Positional<infer N, infer T, infer K>
    ? {
        readonly [name in N]: K extends 'one'
          ? T
          : K extends 'optional'
            ? T | undefined
            : readonly T[];
      }
    : never;

type PositionalArguments<P extends Positionals> = P extends readonly [
  infer First,
  ...infer Rest extends Positionals,
]
  ? PositionalArgument<First> & PositionalArguments<Rest>
  : unknown;

type OptionArguments<O extends Options> = {
  readonly [K in keyof O]: O[K] extends Option<infer T, infer D> ? T | D : never;
};

/** The arguments of a command, by name. */
type Arguments<P extends Positionals, O extends Options> = PositionalArguments<P> &
  OptionArguments<O>;

/** The environment of a running command. */
export interface Context<Pool extends BasePool = BasePool> {
  readonly pool: Pool;
  /** Aborted when the request or its session ends. A command must stop waiting then. */
  readonly signal: AbortSignal;
  /**
   * Looks up a function for the pool to run.
   *
   * @throws FunctionNotFound
   */
  findFunction(name: string): RunnableFunction | Promise<RunnableFunction>;
  /** Sends an event to the client before the answer. Only for commands with `streams`. */
  readonly emit: (event: PoolEvent) => void;
  /** Notifies the client that events follow, if no event has done so. Only for commands with `streams`. */
  readonly started: () => void;
  /**
   * Sends all events from a `seq` on, in batches.
   *
   * @returns a function that ends it; undefined if each event must be passed to `emit`.
   */
  readonly broadcast: (from: number) => (() => void) | undefined;
  /** Resolves when the client can take more events; undefined if it can take them immediately. */
  readonly room: () => Promise<void> | undefined;
  /** The past of the pool. */
  readonly history: PoolHistory;
  readonly session: SessionControl;
}

// biome-ignore lint/suspicious/noExplicitAny: arguments come from outside, and no one knows them.
export type RunnableFunction = (...args: any[]) => unknown;

/** The session, for commands that control it. */
export interface SessionControl {
  /** The names of the pools that can be selected: `TaskPool-0`. */
  readonly pools: readonly string[];
  /**
   * Selects another pool.
   *
   * @throws PoolNotFound
   */
  use(name: string): string;
  /**
   * The help on all commands, or on one.
   *
   * @throws CommandNotFound
   */
  help(command?: string): string;
  /** The completions of an unfinished line. */
  complete(line: string): Completion;
  /** Ends the session after the answer. */
  exit(): void;
}

/** The completions of an unfinished line. */
export interface Completion {
  /** The part of the line that candidates replace: the last word, which may be empty. */
  readonly word: string;
  /** Whole words, sorted. */
  readonly candidates: readonly string[];
}

/** The kind of pools that have a command. */
export type Audience = 'TaskPool' | 'SimpleTaskPool' | 'every pool';

type PoolOf<A extends Audience> = A extends 'TaskPool'
  ? TaskPool
  : A extends 'SimpleTaskPool'
    ? SimpleTaskPool
    : BasePool;

/** The definition of a command. */
export interface Definition<
  A extends Audience,
  P extends Positionals,
  O extends Options,
  R,
  S extends boolean,
> {
  /** The kind of pools that have it. Default: every pool. */
  readonly of?: A;
  /** The help, one line. */
  readonly help: string;
  /** The description of the JSON answer, for the documentation. Default: nothing. */
  readonly answer?: string;
  /** In order. Only the last may take more than one value. */
  readonly positionals?: P;
  readonly options?: O;
  /** Whether it changes the pool, possibly depending on its arguments: read-only servers refuse it then. */
  readonly changes: boolean | ((args: Arguments<P, O>) => boolean);
  /** Whether events precede the answer. Default: false. */
  readonly streams?: S;
  run(context: Context<PoolOf<A>>, args: Arguments<P, O>): R | Promise<R>;
  /** Formats the answer as text. Default: undefined as `ok`, anything else as it is. */
  print?(value: NoInfer<R>, args: Arguments<P, O>): Eventually<string>;
  /** Converts the JSON of an answer in the client, if the value is not JSON itself. */
  fromJson?(value: Json): NoInfer<R>;
}

/** A command of the table. Its name is the key with dashes: `poolSize` is `pool-size`. */
export interface Command<
  P extends Positionals = Positionals,
  O extends Options = Options,
  R = unknown,
  S extends boolean = boolean,
> {
  readonly of: Audience;
  readonly help: string;
  readonly answer: string;
  readonly positionals: P;
  readonly options: O;
  readonly streams: S;
  changes(args: Arguments<P, O>): boolean;
  run(context: Context, args: Arguments<P, O>): R | Promise<R>;
  print(value: R, args: Arguments<P, O>): Eventually<string>;
  fromJson(value: Json): R;
}
