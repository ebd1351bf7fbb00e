/** The dashboards of this process, for inspectors that link to them. */

/** A listening dashboard. */
export interface KnownDashboard {
  /** The link, with its token. */
  readonly url: string;
  /** Whether an actor with this id belongs to one of its pools. */
  isOf(actor: unknown, id: string): boolean;
}

const dashboards = new Set<KnownDashboard>();
const listeners = new Set<() => void>();

/** Registers a dashboard until the returned function is called. */
export function addDashboard(dashboard: KnownDashboard): () => void {
  dashboards.add(dashboard);
  for (const listener of listeners) listener();
  return () => dashboards.delete(dashboard);
}

export function dashboardOf(actor: unknown, id: string): string | undefined {
  for (const dashboard of dashboards) if (dashboard.isOf(actor, id)) return dashboard.url;
  return undefined;
}

/** Calls back when a dashboard is registered. Returns a function that unsubscribes. */
export function onDashboard(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
