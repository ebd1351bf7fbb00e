/** Far side: a pool with a control server, or instead a server that echoes each line. */
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TaskPool } from 'xstate-taskpool';
import { TCPControlServer, UnixControlServer } from 'xstate-taskpool/control';
import { answering } from '../far-side.ts';

export type ServerKind = 'tcp' | 'unix' | 'echo';

export interface ServerRequest {
  readonly kind: ServerKind;
}

/** Where it listens. */
export type ServerAnswer = { readonly port: number } | { readonly path: string };

answering<ServerRequest, ServerAnswer>(async ({ kind }, say) => {
  const pool = new TaskPool();
  if (kind === 'unix') {
    const path = join(tmpdir(), `bench-${process.pid}.sock`);
    say(await new UnixControlServer(pool, { path }).listen());
  } else if (kind === 'tcp') {
    say(await new TCPControlServer(pool, { port: 0 }).listen());
  } else {
    const echo = createServer({ noDelay: true }, (socket) => socket.pipe(socket));
    echo.listen(0, '127.0.0.1');
    await once(echo, 'listening');
    say({ port: (echo.address() as AddressInfo).port });
  }
});
