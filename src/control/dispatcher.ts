/** Runs commands of a session against the selected pool, if the session may run them. */

import type { BasePool, PoolEvent } from '../index.ts';
import { printableName } from '../printable/text.ts';
import { Names } from './arguments/any-case.ts';
import type { Lookup } from './arguments/command-line.ts';
import type { NamedArguments } from './arguments/read-arguments.ts';
import type { Candidates } from './arguments/value-types.ts';
import type { Completion, Context, RunnableFunction, SessionControl } from './command.ts';
import { complete } from './completion.ts';
import { PoolNotFound, ReadOnly } from './errors.ts';
import { historyOf } from './history/of-pool.ts';
import { helpOn, helpOnCommand } from './printing/help.ts';
import type { SessionSettings } from './sessions/session.ts';
import { audienceOf, commandNames, findCommand, type NamedCommand } from './table.ts';
import { untilAborted } from './until-aborted.ts';

/** The environment of a command, apart from its arguments. */
export interface Running {
  readonly signal: AbortSignal;
  readonly emit: (event: PoolEvent) => void;
  /** See {@link Context}. Default: nothing happens. */
  readonly started?: () => void;
  /** See {@link Context}. Default: events are passed to `emit` one by one. */
  readonly broadcast?: (pool: BasePool, from: number) => (() => void) | undefined;
}

export class Dispatcher implements SessionControl {
  /** Whether `exit` was run. */
  isOver = false;
  #pool: BasePool;
  readonly #options: SessionSettings;

  constructor(options: SessionSettings) {
    this.#options = options;
    const [first] = options.pools;
    if (first === undefined) throw new TypeError('expected at least one pool, got none');
    this.#pool = first;
  }

  /** Resolves the names in one command line: it may have thousands, so each list of candidates is created once. */
  get lookup(): Lookup {
    const lists = new Map<Candidates, Names>();
    const nameOf = (what: Candidates, name: string): string => {
      // Finds one of many groups without listing all.
      if (what === 'groups' && this.#pool.hasGroup(name)) return name;
      const names = lists.get(what) ?? new Names(this.#list(what));
      lists.set(what, names);
      return names.find(name);
    };
    return { find: (name) => this.find(name), nameOf };
  }

  get pool(): BasePool {
    return this.#pool;
  }

  /** The name of the selected pool. */
  get poolName(): string {
    return this.#nameOfPool(this.#pool);
  }

  get pools(): readonly string[] {
    return this.#options.pools.map((pool) => this.#nameOfPool(pool));
  }

  /** The unique ids of the pools. */
  get uids(): readonly string[] {
    return this.#options.pools.map(({ uid }) => uid);
  }

  /**
   * The command with a name.
   *
   * @throws CommandNotFound
   */
  find(name: string): NamedCommand {
    return findCommand(name, audienceOf(this.#pool));
  }

  /** Runs a command with checked arguments. Rejects with its errors. */
  async run(
    { name, command }: NamedCommand,
    args: NamedArguments,
    running: Running,
  ): Promise<unknown> {
    if (this.#options.readOnly && command.changes(args)) {
      throw new ReadOnly(`expected a command that changes nothing (read-only), got '${name}'`);
    }
    const pool = this.#pool;
    const context: Context = {
      pool,
      signal: running.signal,
      findFunction: (name) => this.#findFunction(name, running.signal),
      emit: running.emit,
      started: () => running.started?.(),
      broadcast: (from) => running.broadcast?.(pool, from),
      room: () => this.#options.output.room?.(),
      history: historyOf(pool),
      session: this,
    };
    return await command.run(context, args);
  }

  /** An import may never settle, so the request that waits for it can be aborted. */
  #findFunction(name: string, signal: AbortSignal): RunnableFunction | Promise<RunnableFunction> {
    const found = this.#options.functions.find(name);
    return found instanceof Promise ? untilAborted(found, signal) : found;
  }

  use(name: string): string {
    const { pools } = this.#options;
    const pool =
      pools.find((one) => this.#nameOfPool(one) === name) ?? pools.find((one) => one.name === name);
    if (pool === undefined) {
      throw new PoolNotFound(
        `expected one of ${this.pools.join(', ')}, got '${printableName(name)}'`,
      );
    }
    this.#pool = pool;
    return this.poolName;
  }

  #nameOfPool(pool: BasePool): string {
    return this.#options.names?.get(pool) ?? String(pool);
  }

  help(command?: string): string {
    const { width } = this.#options;
    if (command === undefined) return helpOn(this.#pool, width);
    return helpOnCommand(this.find(command), width);
  }

  complete(line: string): Completion {
    const audience = audienceOf(this.#pool);
    const list = (what: Candidates) => (what === 'pools' ? this.pools : this.#list(what));
    const find = (name: string) =>
      commandNames(audience).includes(name.toLowerCase()) ? this.find(name) : undefined;
    return complete(line, { find, list });
  }

  #list(what: Candidates): readonly string[] {
    if (what === 'commands') return commandNames(audienceOf(this.#pool));
    if (what === 'functions') return this.#options.functions.names;
    if (what === 'limits') return Object.keys(this.#pool.limits);
    if (what === 'pools') {
      return [...new Set([...this.pools, ...this.#options.pools.map(({ name }) => name)])];
    }
    return this.#pool.snapshot({ tasks: false }).groups.map(({ name }) => name);
  }

  exit(): void {
    this.isOver = true;
  }
}
