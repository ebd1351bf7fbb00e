/** Where sessions begin. */

import { checkArray } from '../../kit/checks.ts';
import { functionSource } from '../function-source.ts';
import { DEFAULT_WIDTH } from './handshake.ts';
import { JsonSession } from './json-session.ts';
import { RequestCount } from './request-count.ts';
import type { Session, SessionOptions } from './session.ts';
import { TextSession } from './text-session.ts';

/**
 * A session in the format that the client asked for.
 *
 * @throws TypeError if there is no pool.
 */
export function openSession(options: SessionOptions): Session {
  checkArray('pools', options.pools);
  const settings = {
    functions: functionSource({}),
    readOnly: false,
    width: DEFAULT_WIDTH,
    maxRequests: Number.POSITIVE_INFINITY,
    requests: new RequestCount(),
    maxAnswer: Number.POSITIVE_INFINITY,
    ...options,
  };
  return options.format === 'json' ? new JsonSession(settings) : new TextSession(settings);
}
