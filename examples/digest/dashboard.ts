import { once } from 'node:events';
import type { TaskPool } from 'xstate-taskpool';
import { DashboardServer } from 'xstate-taskpool/dashboard';

/** Serves a page on which the pool is seen; its link is the first line of the output. */
export async function serveDashboard(pool: TaskPool): Promise<DashboardServer> {
  const server = new DashboardServer(pool);
  const { url } = await server.listen();
  console.log(url);
  return server;
}

/** The page stays when the work is done: until Ctrl-C. */
export async function untilInterrupted(server: DashboardServer): Promise<void> {
  await once(process, 'SIGINT');
  await server.close();
}
