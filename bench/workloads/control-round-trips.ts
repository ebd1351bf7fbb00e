/** Control: commands and their answers, to a server in another process. */
import { once } from 'node:events';
import { connect as connectSocket, type Socket } from 'node:net';
import { connect } from 'xstate-taskpool/control';
import type { ServerAnswer, ServerKind, ServerRequest } from '../control/server.ts';
import { FarSide } from '../far-side.ts';
import { ours, peer, type Scale, type Section } from '../model.ts';
import { median } from '../stats.ts';

async function listenFar(kind: ServerKind): Promise<ServerAnswer> {
  return await new FarSide<ServerRequest, ServerAnswer>('control/server').ask({ kind });
}

/** Microseconds per round trip, with a number of them in progress at once. */
async function microsPerTrip(
  ask: () => Promise<unknown>,
  trips: number,
  atOnce: number,
): Promise<number> {
  const samples: number[] = [];
  for (let run = -2; run < 5; run++) {
    const start = performance.now();
    let left = trips;
    const asking = Array.from({ length: atOnce }, async () => {
      while (left-- > 0) await ask();
    });
    await Promise.all(asking);
    if (run >= 0) samples.push(((performance.now() - start) * 1000) / trips);
  }
  return median(samples);
}

async function microsPerCommand(kind: ServerKind, trips: number, atOnce: number): Promise<number> {
  const client = await connect(await listenFar(kind));
  const micros = await microsPerTrip(() => client.numRunning(), trips, atOnce);
  await client.close();
  return micros;
}

/** A line of the length of a command, there and back: the cost of the sockets. */
async function microsPerEcho(trips: number): Promise<number> {
  const { port } = (await listenFar('echo')) as { port: number };
  const socket: Socket = connectSocket({ host: '127.0.0.1', port, noDelay: true });
  await once(socket, 'connect');
  const line = '{"id":1000,"command":"num-running","args":{}}\n';
  const micros = await microsPerTrip(
    () =>
      new Promise((resolve) => {
        socket.once('data', resolve);
        socket.write(line);
      }),
    trips,
    1,
  );
  socket.destroy();
  return micros;
}

export function controlRoundTripSections({ quick }: Scale): Section[] {
  const trips = quick ? 500 : 5000;
  return [
    {
      id: 'control-round-trips',
      title: '`client.numRunning()`, to another process and back',
      unit: 'µs per round trip',
      contenders: [
        ours('TCP, one after the other', () => microsPerCommand('tcp', trips, 1)),
        ours('TCP, 100 at a time', () => microsPerCommand('tcp', trips * 10, 100)),
        ours('Unix socket, one after the other', () => microsPerCommand('unix', trips, 1)),
        ours('Unix socket, 100 at a time', () => microsPerCommand('unix', trips * 10, 100)),
        peer('a line and its echo over TCP, one after the other', () => microsPerEcho(trips)),
      ],
    },
  ];
}
