/** Two workers of `node:cluster`, each with a control server on a free port: prints which pool answers at each, twice. */

import cluster from 'node:cluster';
import { once } from 'node:events';
import { TaskPool } from 'xstate-taskpool';
import { connect, TCPControlServer } from 'xstate-taskpool/control';

if (cluster.isPrimary) {
  const workers = ['one', 'two'].map((name) => cluster.fork({ POOL: name }));
  const ports = await Promise.all(workers.map((worker) => once(worker, 'message')));
  for (const [port] of ports.flatMap((each) => [each, each])) {
    const client = await connect({ host: '127.0.0.1', port });
    process.stdout.write(`${(await client.status()).name}\n`);
    await client.close();
  }
  for (const worker of workers) worker.kill();
} else {
  const pool = new TaskPool({ name: process.env['POOL'] as string });
  const { port } = await new TCPControlServer(pool, { port: 0 }).listen();
  process.send?.(port);
}
