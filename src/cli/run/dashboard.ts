/** Starts the dashboard of a run. */

import type { BasePool } from '../../index.ts';
import { DashboardServer } from '../../node/dashboard/dashboard-server.ts';
import { openBrowser } from '../dashboard/open-browser.ts';
import type { Messages } from './output/messages.ts';

/** The options of the dashboard. */
export interface RunDashboard {
  /** The port to listen on. Default: a free port. */
  readonly port?: number;
  /** Whether to open it in the browser. */
  readonly open: boolean;
}

/**
 * Serves a page that shows and controls the pool of a run. The link is printed to stderr, on a line of its own.
 *
 * @throws the errors of listening.
 */
export async function serveDashboard(
  pool: BasePool,
  { port, open }: RunDashboard,
  messages: Messages,
): Promise<DashboardServer> {
  const { logger } = messages;
  const server = new DashboardServer(pool, { logger, ...(port === undefined ? {} : { port }) });
  const { url } = await server.listen();
  messages.pass(`${url}\n`);
  if (open) openBrowser(url, (message) => messages.say(message));
  return server;
}
