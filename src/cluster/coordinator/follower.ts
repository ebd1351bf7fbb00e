/** Follows what happens to the jobs of a queue: BullMQ's stream of events, from before the first job on. */

import type { QueueEvents } from 'bullmq';
import { messageOf } from '../faults.ts';
import { type Failure, MESSAGES, type Message, type Result } from '../wire.ts';

/** What a follower notifies. */
export interface Followed {
  completed(jobId: string, result: Result): void;
  failed(jobId: string, reason: string): void;
  /** A job waits again that a worker had. */
  returned(jobId: string): void;
  said(message: Message): void;
  /** The stream cannot be read for now. */
  troubled(message: string): void;
}

/** Subscribes to the events of the follower of BullMQ, which reads on by itself where it stopped. */
export function follow(events: QueueEvents, followed: Followed): void {
  events.on('completed', ({ jobId, returnvalue }) => {
    followed.completed(jobId, returnvalue as unknown as Result);
  });
  events.on('failed', ({ jobId, failedReason }) => followed.failed(jobId, failedReason));
  events.on('waiting', ({ jobId, prev }) => {
    if (prev === 'active') followed.returned(jobId);
  });
  events.on('error', (error) => followed.troubled(messageOf(error)));
  // An event of our own, which the types of BullMQ cannot know.
  const custom = events as unknown as {
    on(name: string, listener: (entry: { readonly messages: string }) => void): void;
  };
  custom.on(MESSAGES, ({ messages }) => {
    for (const message of JSON.parse(messages) as Message[]) followed.said(message);
  });
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
