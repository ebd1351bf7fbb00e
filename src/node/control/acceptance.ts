/** What a server allows its clients, checked when the server is created. */

import { checkToken } from '../../control/check-token.ts';
import type { RunnableFunction } from '../../control/command.ts';
import { functionSource } from '../../control/function-source.ts';
import { RequestCount } from '../../control/sessions/request-count.ts';
import type { BasePool } from '../../index.ts';
import { checkFlag, checkTexts } from '../../kit/checks.ts';
import type { OptionTable } from '../../kit/option-bag.ts';
import { Budget } from './budget.ts';
import type { ConnectionOptions } from './connection.ts';
import { importFrom } from './import-function.ts';
import { checkLimits, limitsOf, type ServerLimits } from './limits.ts';
import { isToken } from './token.ts';

/** What clients may do. */
export interface AcceptanceOptions {
  /** The token that clients must send. Default: none is required. */
  readonly token?: string;
  /** The functions that clients can run, by name. Default: none. */
  readonly functions?: Readonly<Record<string, RunnableFunction>>;
  /** Folders from whose modules clients can import functions. Default: none. */
  readonly importFrom?: readonly string[];
  /** Refuse commands that change a pool. Default: false. */
  readonly readOnly?: boolean;
  readonly limits?: ServerLimits;
}

/** The options of every server. */
export const ACCEPTANCE_OPTIONS: OptionTable<AcceptanceOptions> = {
  token: [checkToken, 'password', 'secret', 'auth'],
  functions: ['commands', 'tasks'],
  importFrom: [checkTexts, 'modules', 'folders', 'paths'],
  readOnly: [checkFlag],
  limits: [checkLimits, 'limit'],
};

/**
 * The settings for every connection of a server.
 *
 * @param names the names of the pools. Default: kind and name.
 * @throws TypeError for invalid functions, and pools with the same name.
 */
export function acceptance(
  pools: readonly BasePool[],
  options: AcceptanceOptions,
  names?: ReadonlyMap<BasePool, string>,
): ConnectionOptions {
  const { token, functions = {}, importFrom: folders, readOnly = false } = options;
  if (names === undefined) checkNames(pools.map(String));
  const limits = limitsOf(options.limits);
  return {
    limits,
    received: new Budget(limits.maxTotalReceived),
    buffered: new Budget(limits.maxTotalBuffered),
    session: {
      pools,
      ...(names === undefined ? {} : { names }),
      functions: functionSource(functions, folders && importFrom(folders)),
      readOnly,
      requests: new RequestCount(limits.maxTotalRequests),
    },
    isAuthorized: (given) => token === undefined || isToken(token, given),
  };
}

function checkNames(names: readonly string[]): void {
  const twice = names.find((name, place) => names.indexOf(name) !== place);
  if (twice === undefined) return;
  throw new TypeError(`expected pools of different names, got two of the name ${twice}`);
}
