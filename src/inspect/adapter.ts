/** Inspectors as `@statelyai/inspect` makes them, and what is known of their adapters. */

import type { InspectionEvent, Observer } from 'xstate';

/** Sees inspection events: what the `inspect` option of xstate's `createActor` takes. */
export type Inspect = Observer<InspectionEvent> | ((event: InspectionEvent) => void);

/** An inspector as `createWebSocketInspector` and its like in `@statelyai/inspect` return it. */
export interface Inspector {
  readonly inspect: Inspect;
  /** What connects it. */
  readonly adapter?: unknown;
}

/** How often to check whether an adapter is connected, in milliseconds: it has no event for it. */
const POLL_INTERVAL = 20;

/** Passes events on to an inspector, whatever form it has. */
export function showTo(inspector: Inspector | Inspect): (event: InspectionEvent) => void {
  const inspect = 'inspect' in inspector ? inspector.inspect : inspector;
  return typeof inspect === 'function' ? inspect : (event) => inspect.next?.(event);
}

/** Resolves once the adapter of an inspector is connected; undefined where there is no telling. */
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

/** Looks again and again until there is nothing more to look for. */
export function poll(interval: number, look: () => boolean): void {
  if (look()) return;
  const timer: unknown = setTimeout(() => poll(interval, look), interval);
  // Whether a process keeps running is up to the inspector.
  (timer as { unref?(): void }).unref?.();
}
