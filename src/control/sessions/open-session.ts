/** Opens sessions. */

import {
  checkArray,
  checkFlag,
  checkOf,
  checkOneOf,
  checkPositiveLimit,
  hasMethods,
} from '../../kit/checks.ts';
import { OptionBag } from '../../kit/option-bag.ts';
import { functionSource } from '../function-source.ts';
import { DEFAULT_WIDTH } from './handshake.ts';
import { JsonSession } from './json-session.ts';
import { RequestCount } from './request-count.ts';
import type { Session, SessionOptions } from './session.ts';
import { TextSession } from './text-session.ts';

const checkOutput = checkOf('an object with answer() and event()', (output) =>
  hasMethods(output, 'answer', 'event'),
);

const OPTIONS = new OptionBag<SessionOptions>({
  pools: ['pool'],
  names: [],
  output: ['stdout'],
  functions: [checkOf('a source of functions, with find()', (value) => hasMethods(value, 'find'))],
  readOnly: [checkFlag],
  width: [checkPositiveLimit, 'columns', 'terminalWidth'],
  format: [checkOneOf('text', 'json'), 'mode'],
  maxRequests: [checkPositiveLimit],
  requests: [],
  maxAnswer: [checkPositiveLimit],
});

/**
 * Opens a session in the requested format.
 *
 * @throws TypeError, RangeError for invalid options, and if there is no pool.
 */
export function openSession(options: SessionOptions): Session {
  OPTIONS.check('openSession()', options);
  checkArray('pools', options.pools);
  checkOutput('output', options.output);
  const settings = OPTIONS.fill(options, {
    functions: functionSource({}),
    readOnly: false,
    width: DEFAULT_WIDTH,
    maxRequests: Number.POSITIVE_INFINITY,
    requests: new RequestCount(),
    maxAnswer: Number.POSITIVE_INFINITY,
  });
  return options.format === 'json' ? new JsonSession(settings) : new TextSession(settings);
}
