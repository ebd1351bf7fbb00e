/** Clients of a coordinator that has stepped down find the one that continues its work. */

import { expect, onTestFinished, test } from 'vitest';
import { TaskPool } from 'xstate-taskpool';
import { connect, TCPControlServer } from 'xstate-taskpool/control';
import { ControlLink, type OpenLines } from 'xstate-taskpool/control/client';
import { DashboardServer } from 'xstate-taskpool/dashboard';
import { recoverTaskPool } from 'xstate-taskpool/recovery';
import { partsOf, wsLines } from '../../support/control/web-socket.ts';
import { describeWithRedis, redisForTests } from '../../support/redis.ts';
import { newName, openIn, takeFrom } from '../../support/redis-stores.ts';

const TOKEN = 'a token that both machines have';
const logger = { info: () => {}, error: () => {} };

describeWithRedis('clients', () => {
  const server = redisForTests();

  async function serve(pool: TaskPool) {
    const dashboard = new DashboardServer(pool, { token: TOKEN, logger });
    const control = new TCPControlServer(pool, { port: 0, logger });
    onTestFinished(async () => {
      await dashboard.close();
      await control.close();
    });
    const { socket } = partsOf((await dashboard.listen()).url);
    return { dashboard, socket, address: await control.listen() };
  }

  test('go to the machine that has taken over, and their watches continue', async () => {
    const options = { functions: {}, logger };
    const journal = await openIn(server, newName(), { lockTime: 200 });
    const first = new TaskPool({ ...options, journal, name: 'job', poolSize: 1 });
    const here = await serve(first);
    let there: OpenLines = (listener) => {
      // Nobody listens on a machine that stands by.
      setTimeout(() => listener.closed('refused'), 0);
      return { send: () => {}, close: () => {} };
    };
    const link = new ControlLink({
      connect: [wsLines(here.socket), (listener) => there(listener)],
      token: TOKEN,
    });
    onTestFinished(() => link.close());
    const client = await connect(here.address);
    await link.connected();
    const events = link.watch({ since: (await link.request('state')).seq });
    first.poolSize = 2;
    expect((await events.next()).value).toMatchObject({ poolSize: 2 });
    await first.untilDurable();

    const taken = await takeFrom(server, journal);
    const second = await recoverTaskPool(taken, options);
    const { socket } = await serve(second);
    there = wsLines(socket);
    // The first one has found out by itself, and does not serve any more.
    await client.ended;
    await link.connected();
    second.poolSize = 3;
    for await (const event of events) if (event.type === 'pool.resized') break;
    expect(second.poolSize).toBe(3);
    expect(await link.line('pool-size')).toEqual({ value: 3, text: '3' });
  });
});
