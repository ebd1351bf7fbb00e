/// <reference lib="esnext.disposable" preserve="true" />

/** The control client: one method for each command of the table. */

import { CommandRefused, type ConnectionLost } from '../../../control/client/errors.ts';
import type { Greeting } from '../../../control/client/protocol.ts';
import { Watch, type WatchArguments } from '../../../control/client/watch.ts';
import type { ClientMethods } from '../../../control/client-methods.ts';
import type { Command } from '../../../control/command.ts';
import { dashed } from '../../../control/names.ts';
import { COMMANDS } from '../../../control/table.ts';
import type { EventType, PoolEvent, PoolEventOf } from '../../../index.ts';
import { type Check, checkCount } from '../../../kit/checks.ts';
import { OptionBag } from '../../../kit/option-bag.ts';
import { Connection, type ConnectionOptions } from './connection.ts';
import type { Target, TCPTarget } from './target.ts';

/** The address of the server, and the options of the connection. */
export type ConnectOptions = Target & ConnectionOptions;

const checkWidth: Check = (name, value) => checkCount(name, value, 1);

const OPTIONS = new OptionBag<TCPTarget & ConnectionOptions>({
  host: ['hostname', 'address'],
  port: [],
  path: ['socket', 'socketPath', 'unix'],
  tls: ['ssl', 'secure'],
  token: ['password', 'secret', 'auth'],
  timeout: ['connectTimeout', 'handshakeTimeout'],
  terminalWidth: [checkWidth, 'width', 'columns'],
});

/**
 * A client. Its methods are the commands of the table: positional parameters, then options as an object. Any number
 * of calls may be pending. They reject with `CommandRefused` if the server refuses the command, and with
 * `ConnectionLost` if the connection ends before the answer.
 */
export interface ControlClient extends Omit<ClientMethods, 'watch' | 'exit'>, AsyncDisposable {
  /** The greeting of the server. */
  readonly greeting: Greeting;
  /** Resolves when the connection has ended: with the reason, or with undefined after `close()`. */
  readonly ended: Promise<ConnectionLost | undefined>;
  /**
   * Iterates over events of these types, or of all: those after the effects of earlier calls. The loop ends with the
   * pool, the server, `break`, or `close()`. It throws `LimitExceeded` if it has 100,000 unread events, and
   * `ConnectionLost`.
   */
  watch<T extends EventType>(...types: T[]): AsyncIterableIterator<PoolEventOf<T>>;
  /** The same, starting after the event with number `since`: an earlier connection's missed events and no others. */
  watch<T extends EventType = EventType>(options: {
    readonly types?: readonly T[];
    readonly since?: number;
  }): AsyncIterableIterator<PoolEventOf<T>>;
  /** Closes the connection; pending calls reject with `ConnectionLost`. */
  close(): Promise<void>;
}

/**
 * Connects to a control server.
 *
 * @throws TypeError, RangeError for invalid options; ConnectionFailed if nothing listens there, the server is not
 *   trusted, or it refuses the token.
 */
export async function connect(options: ConnectOptions): Promise<ControlClient> {
  OPTIONS.check('connect()', options);
  return clientOf(await Connection.open(options, options));
}

const METHODS = Object.entries(COMMANDS) as unknown as readonly (readonly [string, Command])[];

function clientOf(connection: Connection): ControlClient {
  const methods = METHODS.map(([key, command]) => {
    const name = dashed(key);
    return [key, (...given: unknown[]) => call(connection, name, command, given)];
  });
  const close = () => connection.close();
  return {
    ...(Object.fromEntries(methods) as ClientMethods),
    greeting: connection.greeting,
    ended: connection.ended,
    watch: <T extends EventType>(...given: readonly (T | WatchArguments)[]) => {
      const [first] = given;
      const args = typeof first === 'object' ? first : { types: given as readonly T[] };
      const watch: AsyncIterableIterator<PoolEvent> = new Watch(connection, args);
      return watch as AsyncIterableIterator<PoolEventOf<T>>;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function call(
  connection: Connection,
  name: string,
  command: Command,
  given: readonly unknown[],
): Promise<unknown> {
  const args = namedArguments(command, given);
  const answer = await connection.request({ command: name, args }).answer;
  if (!answer.ok) throw new CommandRefused(answer.error.code, answer.error.message);
  // In JSON undefined is `null`.
  return command.fromJson(answer.value) ?? undefined;
}

/** The arguments of a method by name, for the request. */
function namedArguments(
  { positionals, options }: Command,
  given: readonly unknown[],
): Record<string, unknown> {
  const args: Record<string, unknown> = {};
  positionals.forEach(({ name, takes }, place) => {
    args[name] = takes === 'some' || takes === 'any' ? given.slice(place) : given[place];
  });
  const hasOptions = Object.keys(options).length > 0;
  return { ...args, ...(hasOptions ? Object(given[positionals.length]) : {}) };
}
