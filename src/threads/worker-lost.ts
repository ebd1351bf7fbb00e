/** Explains why a thread has exited, as the error of its call. */

import { WorkerLost } from '../index.ts';
import { read } from '../kit/realms.ts';
import type { ThreadCall } from './thread-call.ts';

/** A thread that has exited. */
interface Exited {
  readonly name: string;
  readonly code: number;
  /** The error that ended it, if there was one. */
  readonly crash: unknown;
}

/**
 * @param call the running call, if there was one.
 */
export function workerLost({ name, code, crash }: Exited, call?: ThreadCall): WorkerLost {
  if (call?.endedBecause !== undefined) {
    return new WorkerLost(`${name} was ended: ${call.endedBecause}`, { cause: call.reason });
  }
  const doing = call === undefined ? 'began' : `ran ${call.name}()`;
  if (crash === undefined) {
    return new WorkerLost(`${name} exited with code ${code} while it ${doing}`);
  }
  if (read(crash, 'code') === 'ERR_WORKER_OUT_OF_MEMORY') {
    return new WorkerLost(`${name} ran out of memory while it ${doing}`, { cause: crash });
  }
  const message = String(read(crash, 'message') ?? crash);
  return new WorkerLost(`${name} crashed while it ${doing}: ${message}`, { cause: crash });
}
