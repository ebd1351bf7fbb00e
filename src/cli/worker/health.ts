/** The health server of a worker: `/health` for supervisors, `/metrics` for Prometheus. */

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { WorkerStatus } from '../../cluster/index.ts';
import type { HealthAddress } from './health-address.ts';

/** Clients need no token, so connections and the time for a request (in milliseconds) are limited. */
const MAX_CONNECTIONS = 64;
const PATIENCE = 10_000;
const TIMES = {
  headersTimeout: PATIENCE,
  requestTimeout: PATIENCE,
  keepAliveTimeout: PATIENCE / 2,
  connectionsCheckingInterval: PATIENCE / 2,
};

/** Starts listening; resolves with the URL and the server. */
export async function serveHealth(
  { host, port }: HealthAddress,
  status: () => WorkerStatus,
): Promise<{ readonly url: string; readonly server: Server }> {
  const server = createServer(TIMES, (request, response) => {
    const answer = answerTo(request.url ?? '', status());
    response.writeHead(answer.code, { 'Content-Type': answer.type, 'Cache-Control': 'no-store' });
    response.end(answer.body);
  });
  server.maxConnections = MAX_CONNECTIONS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  // The health server does not keep the process alive.
  server.unref();
  const address = server.address() as AddressInfo;
  const shown = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return { url: `http://${shown}:${address.port}`, server };
}

interface Answer {
  readonly code: number;
  readonly type: string;
  readonly body: string;
}

function answerTo(url: string, status: WorkerStatus): Answer {
  const [path] = url.split('?', 1);
  if (path === '/metrics') {
    return { code: 200, type: 'text/plain; version=0.0.4; charset=utf-8', body: metricsOf(status) };
  }
  if (path !== '/health') {
    return { code: 404, type: 'text/plain', body: 'there is /health and /metrics\n' };
  }
  const isWell = status.isAlive && status.state === 'serving';
  return {
    code: isWell ? 200 : 503,
    type: 'application/json',
    body: `${JSON.stringify(status)}\n`,
  };
}

/** The metrics in the text format of Prometheus. */
function metricsOf(status: WorkerStatus): string {
  const { totals, running, concurrency, isAlive, blocked } = status;
  const calls = Object.entries(totals).map(
    ([outcome, count]) => `taskpool_worker_calls_total{outcome="${outcome}"} ${count}`,
  );
  return `${[
    '# HELP taskpool_worker_calls_total Calls that are over, by outcome.',
    '# TYPE taskpool_worker_calls_total counter',
    ...calls,
    '# HELP taskpool_worker_running Calls that run.',
    '# TYPE taskpool_worker_running gauge',
    `taskpool_worker_running ${running}`,
    '# HELP taskpool_worker_concurrency Calls that may run at once.',
    '# TYPE taskpool_worker_concurrency gauge',
    `taskpool_worker_concurrency ${concurrency}`,
    '# HELP taskpool_worker_alive Whether Redis has heard of the worker within its lease.',
    '# TYPE taskpool_worker_alive gauge',
    `taskpool_worker_alive ${isAlive ? 1 : 0}`,
    '# HELP taskpool_worker_blocked_total How often the event loop was blocked.',
    '# TYPE taskpool_worker_blocked_total counter',
    `taskpool_worker_blocked_total ${blocked.times}`,
  ].join('\n')}\n`;
}
