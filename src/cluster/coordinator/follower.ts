/** Decodes the events of jobs, which BullMQ and the workers write to the event stream of the queue. */

import { recordOf } from '../stream.ts';
import { type Failure, MESSAGES, type Message, type Result } from '../wire.ts';

/** Notified of events. */
export interface Followed {
  /**
   * @param result missing if it is too large for an event.
   */
  completed(jobId: string, result?: Result): void;
  failed(jobId: string, reason: string): void;
  /** A job was given back by a worker and waits again. */
  returned(jobId: string): void;
  said(message: Message): void;
  /** The stream cannot be read at the moment. */
  troubled(message: string): void;
}

/** Notifies of an entry of the stream. */
export function follow(followed: Followed, fields: readonly string[]): void {
  // BullMQ writes the name of the event first; most events are ignored.
  const [, event] = fields;
  if (event === 'completed') {
    const { jobId = '', returnvalue } = recordOf(fields);
    const result = returnvalue === undefined ? undefined : (JSON.parse(returnvalue) as Result);
    followed.completed(jobId, result);
  } else if (event === 'failed') {
    const { jobId = '', failedReason = '' } = recordOf(fields);
    followed.failed(jobId, failedReason);
  } else if (event === 'waiting') {
    const { jobId = '', prev } = recordOf(fields);
    if (prev === 'active') followed.returned(jobId);
  } else if (event === MESSAGES) {
    const { messages = '[]' } = recordOf(fields);
    for (const message of JSON.parse(messages) as Message[]) followed.said(message);
  }
}

/** A failure written by a worker; undefined for a reason given by BullMQ itself. */
export function failureOf(reason: string): Failure | undefined {
  if (!reason.startsWith('{')) return undefined;
  try {
    return JSON.parse(reason) as Failure;
  } catch {
    return undefined;
  }
}
