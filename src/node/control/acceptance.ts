/** What a server lets its clients do: checked once, when it is made. */

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
  /** What clients have to know to be let in. Default: nothing. */
  readonly token?: string;
  /** The functions that clients may have run, by name. Default: none. */
  readonly functions?: Readonly<Record<string, RunnableFunction>>;
  /** Folders from whose modules clients may have functions run. Default: none. */
  readonly importFrom?: readonly string[];
  /** Refuse what changes a pool. Default: false. */
  readonly readOnly?: boolean;
  readonly limits?: ServerLimits;
}

/** Those of every server. */
export const ACCEPTANCE_OPTIONS: OptionTable<AcceptanceOptions> = {
  token: [checkToken, 'password', 'secret', 'auth'],
  functions: ['commands', 'tasks'],
  importFrom: [checkTexts, 'modules', 'folders', 'paths'],
  readOnly: [checkFlag],
  limits: [checkLimits, 'limit'],
};

/**
 * What every connection of a server has from it.
 *
 * @param names what pools are called in place of their kind and name.
 * @throws TypeError for functions that are none, and pools of one name.
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
