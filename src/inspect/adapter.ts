/** The types of inspectors of `@statelyai/inspect`, and the state of their adapters. */

import type { InspectionEvent, Observer } from 'xstate';

/** Receives inspection events: a value for the `inspect` option of xstate's `createActor`. */
export type Inspect = Observer<InspectionEvent> | ((event: InspectionEvent) => void);

/** An inspector as returned by `createWebSocketInspector` and its siblings in `@statelyai/inspect`. */
export interface Inspector {
  /** Receives the inspection events. */
  readonly inspect: Inspect;
  /** The adapter that connects it. */
  readonly adapter?: unknown;
}

/** Milliseconds between two checks whether an adapter is connected, since it emits no event. */
const POLL_INTERVAL = 20;

/** Returns a function that passes events on to an inspector of any form. */
export function showTo(inspector: Inspector | Inspect): (event: InspectionEvent) => void {
  const inspect = 'inspect' in inspector ? inspector.inspect : inspector;
  return typeof inspect === 'function' ? inspect : (event) => inspect.next?.(event);
}

/** Resolves once the adapter of an inspector is connected; undefined if that cannot be determined. */
export function connection(inspector: Inspector | Inspect): Promise<void> | undefined {
  const { adapter } = inspector as Partial<Inspector>;
  const { status } = Object(adapter);
  if (status !== 'closed' && status !== 'disconnected') return undefined;
  return new Promise((resolve) => {
    poll(POLL_INTERVAL, () => {
      if (Object(adapter).status === status) return false;
      resolve();
      return true;
    });
  });
}

/** Calls `look` periodically until it returns true. */
export function poll(interval: number, look: () => boolean): void {
  if (look()) return;
  const timer: unknown = setTimeout(() => poll(interval, look), interval);
  // Only the inspector decides whether the process is kept alive.
  (timer as { unref?(): void }).unref?.();
}
