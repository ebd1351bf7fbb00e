/** What happens to the jobs of a queue, as BullMQ and the workers write it into its stream of events. */

import { recordOf } from '../stream.ts';
import { type Failure, MESSAGES, type Message, type Result } from '../wire.ts';

/** Who is notified. */
export interface Followed {
  /** @param result missing if it is too large for an event. */
  completed(jobId: string, result?: Result): void;
  failed(jobId: string, reason: string): void;
  /** A job waits again that a worker had. */
  returned(jobId: string): void;
  said(message: Message): void;
  /** The stream cannot be read for now. */
  troubled(message: string): void;
}

/** Notifies of an entry of the stream. */
export function follow(followed: Followed, fields: readonly string[]): void {
  // BullMQ writes the name of the event first; most are of no interest.
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

/** A failure as a worker has written it; undefined for a reason that BullMQ gives. */
export function failureOf(reason: string): Failure | undefined {
  if (!reason.startsWith('{')) return undefined;
  try {
    return JSON.parse(reason) as Failure;
  } catch {
    return undefined;
  }
}
