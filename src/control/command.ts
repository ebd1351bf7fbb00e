/** What a command is, and the types that follow from it. The commands are in `table.ts`. */

import type { BasePool, Json, PoolEvent, SimpleTaskPool, TaskPool } from '../index.ts';
import type { ValueType } from './arguments/value-types.ts';
import type { PoolHistory } from './history/pool-history.ts';
import type { Eventually } from './in-parts.ts';

/** How many values a positional parameter takes: one, at most one, at least one, any number. */
export type Takes = 'one' | 'optional' | 'some' | 'any';

/** A parameter that is known by its place. */
export interface Positional<N extends string = string, T = unknown, K extends Takes = Takes> {
  /** What it is called in a JSON request. */
  readonly name: N;
  /** What it is called in help. */
  readonly label: string;
  readonly takes: K;
  readonly type: ValueType<T>;
  readonly help: string;
}

/** A parameter that is known by its name: `--group-name NAME` or `-g NAME`. */
export interface Option<T = unknown, D extends T | undefined = T | undefined> {
  /** The one letter that it has besides its name. */
  readonly letter: string;
  /** What its value is called in help; a switch, which is there or not, has none. */
  readonly label?: string;
  /** A switch has none. */
  readonly type?: ValueType<T>;
  /** What it is if it is not given. */
  readonly default: D;
  readonly help: string;
}

export type Positionals = readonly Positional[];
/** By their names in camelCase, as a JSON request has them. */
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

/** What a running command can see and do besides its arguments. */
export interface Context<Pool extends BasePool = BasePool> {
  readonly pool: Pool;
  /** Aborted when the request or its session ends. What a command waits for must end with it. */
  readonly signal: AbortSignal;
  /**
   * Looks up a function for the pool to run.
   *
   * @throws FunctionNotFound
   */
  findFunction(name: string): RunnableFunction | Promise<RunnableFunction>;
  /** Sends something to the client ahead of the answer. Only for commands that have `streams`. */
  readonly emit: (event: PoolEvent) => void;
  /**
   * Sends all events from one on, many at a time.
   *
   * @returns what ends it; undefined where each is to be given to `emit`.
   */
  readonly broadcast: (from: number) => (() => void) | undefined;
  /** There is room for more of that. At once, unless the client reads slower than it is sent to. */
  readonly room: () => Promise<void> | undefined;
  /** The past of the pool. */
  readonly history: PoolHistory;
  readonly session: SessionControl;
}

// biome-ignore lint/suspicious/noExplicitAny: arguments come from outside, and no one knows them.
export type RunnableFunction = (...args: any[]) => unknown;

/** What commands that concern the session itself ask of it. */
export interface SessionControl {
  /** The pools that the session may turn to, as text: `TaskPool-0`. */
  readonly pools: readonly string[];
  /**
   * Turns to another pool.
   *
   * @throws PoolNotFound
   */
  use(name: string): string;
  /**
   * The help on everything, or on one command.
   *
   * @throws CommandNotFound
   */
  help(command?: string): string;
  /** What may come next on an unfinished line. */
  complete(line: string): Completion;
  /** Ends the session after the answer. */
  exit(): void;
}

/** What may come next on an unfinished line. */
export interface Completion {
  /** The part of the line that the candidates replace: its last word, which may be empty. */
  readonly word: string;
  /** Whole words, sorted. */
  readonly candidates: readonly string[];
}

/** Which pools have a command. */
export type Audience = 'TaskPool' | 'SimpleTaskPool' | 'every pool';

type PoolOf<A extends Audience> = A extends 'TaskPool'
  ? TaskPool
  : A extends 'SimpleTaskPool'
    ? SimpleTaskPool
    : BasePool;

/** What there is to say about a command. */
export interface Definition<
  A extends Audience,
  P extends Positionals,
  O extends Options,
  R,
  S extends boolean,
> {
  /** Default: every pool. */
  readonly of?: A;
  /** One line. */
  readonly help: string;
  /** What the value of a JSON answer is, for the documentation. Default: nothing. */
  readonly answer?: string;
  /** In this order on a command line. Only the last may take more than one value. */
  readonly positionals?: P;
  readonly options?: O;
  /** Whether it changes the pool, or with which arguments: a server may be read-only. */
  readonly changes: boolean | ((args: Arguments<P, O>) => boolean);
  /** Whether events come ahead of the answer. Default: false. */
  readonly streams?: S;
  run(context: Context<PoolOf<A>>, args: Arguments<P, O>): R | Promise<R>;
  /** The answer as text. Default: nothing as `ok`, anything else as it is. */
  print?(value: NoInfer<R>, args: Arguments<P, O>): Eventually<string>;
  /** What a client makes of the answer's JSON, if the value is not JSON itself. */
  fromJson?(value: Json): NoInfer<R>;
}

/** A command of the table. Its name is the key there, with dashes: `poolSize` is `pool-size`. */
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
