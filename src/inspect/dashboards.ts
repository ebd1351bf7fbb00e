/** Which pools of this process have a dashboard, for inspectors that link to it. */

/** A dashboard that listens. */
export interface KnownDashboard {
  /** The link, with its token. */
  readonly url: string;
  /** Whether an actor, which has this id, is that of one of its pools. */
  isOf(actor: unknown, id: string): boolean;
}

const dashboards = new Set<KnownDashboard>();
const listeners = new Set<() => void>();

/** Makes a dashboard known until the function that is returned is called. */
export function addDashboard(dashboard: KnownDashboard): () => void {
  dashboards.add(dashboard);
  for (const listener of listeners) listener();
  return () => dashboards.delete(dashboard);
}

export function dashboardOf(actor: unknown, id: string): string | undefined {
  for (const dashboard of dashboards) if (dashboard.isOf(actor, id)) return dashboard.url;
  return undefined;
}

/** Calls back when there is another one. Returns a function that ends that. */
export function onDashboard(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
