/** The dashboard of a run. */

import type { BasePool } from '../../index.ts';
import { DashboardServer } from '../../node/dashboard/dashboard-server.ts';
import { openBrowser } from '../dashboard/open-browser.ts';
import type { Messages } from './output/messages.ts';

/** What is said of it. */
export interface RunDashboard {
  /** Default: a free port. */
  readonly port?: number;
  /** Whether it is opened in the browser. */
  readonly open: boolean;
}

/**
 * Lets a page look at the pool of a run, and change it. The link goes to stderr, alone on its line.
 *
 * @throws what listening throws.
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
  if (open) openBrowser(url);
  return server;
}
