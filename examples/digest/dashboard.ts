import { once } from 'node:events';
import type { TaskPool } from 'xstate-taskpool';
import type { DashboardServer } from 'xstate-taskpool/dashboard';

/** Serves the dashboard of the pool. Its URL is the first line of the output. */
export async function serveDashboard(pool: TaskPool): Promise<DashboardServer> {
  // Loaded only now: it takes Node as long as the rest of the program.
  const { DashboardServer } = await import('xstate-taskpool/dashboard');
  const server = new DashboardServer(pool);
  const { url } = await server.listen();
  console.log(url);
  return server;
}

/** Keeps the dashboard open after the work is done, until Ctrl-C. */
export async function untilInterrupted(server: DashboardServer): Promise<void> {
  await once(process, 'SIGINT');
  await server.close();
}
