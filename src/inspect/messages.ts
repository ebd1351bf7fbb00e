/**
 * The messages between the inspector of this package and programs, in addition to those of `@statelyai/inspect`, over
 * the same WebSocket or window. Others ignore them, since they have no `_version`.
 */

/** The inspector announces that it understands the others; they are sent to no one else. */
export const HELLO = '@taskpool.hello';
/** The program announces that its actors accept events from the inspector. */
export const ACCEPTS = '@taskpool.accepts';
/** The program sends the link to the dashboard of a pool. */
export const DASHBOARD = '@taskpool.dashboard';
/** The inspector sends an event to an actor. */
export const SEND = '@taskpool.send';
/** The program reports that an event was not sent, and why. */
export const REFUSED = '@taskpool.refused';

/** The messages of a program. */
export type ProgramMessage =
  | { readonly type: typeof ACCEPTS }
  | { readonly type: typeof DASHBOARD; readonly sessionId: string; readonly url: string }
  | { readonly type: typeof REFUSED; readonly sessionId: string; readonly why: string };

/** The messages of the inspector. */
export type InspectorMessage =
  | { readonly type: typeof HELLO }
  | { readonly type: typeof SEND; readonly sessionId: string; readonly event: unknown };

const LONGEST_REASON = 500;

/** The reason of a refusal. Received values may be anything, even something that cannot be converted to a string. */
export function reasonOf(why: unknown): string {
  return typeof why === 'string' ? why.slice(0, LONGEST_REASON) : '';
}

/** A received link, if it is safe to follow. */
export function linkOf(url: unknown): string | undefined {
  return typeof url === 'string' && /^https?:/.test(url) ? url : undefined;
}
