/** Far side: a WebSocket that watches, which is all that a server notices of a page. */
import { WebSocket } from 'ws';
import { answering } from '../far-side.ts';

export interface PageRequest {
  /** The link of the dashboard. */
  readonly url: string;
}

export type PageAnswer = 'watching';

answering<PageRequest, PageAnswer>(async ({ url }, say) => {
  const { host, hash, origin } = new URL(url);
  const token = new URLSearchParams(hash.slice(1)).get('token');
  const socket = new WebSocket(`ws://${host}/socket`, { origin });
  await new Promise((resolve) => socket.once('open', resolve));
  socket.send(JSON.stringify({ format: 'json', token }));
  socket.send(JSON.stringify({ id: 1, command: 'watch' }));
  // The answer to a later command: the server has accepted the watch before it.
  socket.send(JSON.stringify({ id: 2, command: 'num-running' }));
  await new Promise<void>((resolve) => {
    socket.on('message', (data) => {
      if (String(data).includes('"id":2')) resolve();
    });
  });
  say('watching');
});
