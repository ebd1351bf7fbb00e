/**
 * What the inspector of this package and programs say to each other beside what `@statelyai/inspect`
 * sends: over the same WebSocket, or the same window. Others overlook it, as it has no `_version`.
 */

/** The inspector says that it understands the rest; nothing of it is sent to anyone else. */
export const HELLO = '@taskpool.hello';
/** The program says that its actors take events from the inspector. */
export const ACCEPTS = '@taskpool.accepts';
/** The program says where the dashboard of a pool is. */
export const DASHBOARD = '@taskpool.dashboard';
/** The inspector sends an event to an actor. */
export const SEND = '@taskpool.send';
/** The program says that an event was not sent, and why. */
export const REFUSED = '@taskpool.refused';

/** What a program says. */
export type ProgramMessage =
  | { readonly type: typeof ACCEPTS }
  | { readonly type: typeof DASHBOARD; readonly sessionId: string; readonly url: string }
  | { readonly type: typeof REFUSED; readonly sessionId: string; readonly why: string };

/** What the inspector says. */
export type InspectorMessage =
  | { readonly type: typeof HELLO }
  | { readonly type: typeof SEND; readonly sessionId: string; readonly event: unknown };

const LONGEST_REASON = 500;

/** Why an event was refused. What was received may be anything, of which no text can be made even. */
export function reasonOf(why: unknown): string {
  return typeof why === 'string' ? why.slice(0, LONGEST_REASON) : '';
}

/** What was received as a link, if it may be followed. */
export function linkOf(url: unknown): string | undefined {
  return typeof url === 'string' && /^https?:/.test(url) ? url : undefined;
}
