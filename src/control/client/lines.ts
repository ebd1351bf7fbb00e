/** Whatever carries lines both ways: a WebSocket in a browser, a pipe in a test. */

/** One side of a connection. */
export interface Lines {
  /** Sends a line, given without its newline. */
  send(line: string): void;
  /** Ends the connection. */
  close(): void;
}

/** Whom a connection notifies. */
export interface LineListener {
  /** It is established: lines may be sent. */
  opened(): void;
  /** A line has come, without its newline. */
  line(line: string): void;
  /** It is over, or was never established. Nothing follows. */
  closed(reason: string): void;
}

/** Begins to establish a connection. */
export type OpenLines = (listener: LineListener) => Lines;

/** What is needed of the `WebSocket` of the platform, whose types not every program has. */
interface Socket {
  readonly readyState: number;
  onopen: (() => void) | null;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  onclose: ((event: { readonly code: number; readonly reason: string }) => void) | null;
  send(text: string): void;
  close(): void;
}

type SocketClass = new (url: string) => Socket;

const OPEN = 1;

/**
 * Connections over WebSocket. A message holds one line or more.
 *
 * @param url `ws:` or `wss:`
 * @throws TypeError when it is to connect, where the platform has no `WebSocket`.
 */
export function webSocketLines(url: string): OpenLines {
  return (listener) => {
    const { WebSocket } = globalThis as { WebSocket?: SocketClass };
    if (WebSocket === undefined) throw new TypeError('expected a platform with WebSocket');
    const socket = new WebSocket(url);
    socket.onopen = () => listener.opened();
    socket.onmessage = ({ data }) => {
      for (const line of String(data).split('\n')) if (line !== '') listener.line(line);
    };
    socket.onclose = ({ code, reason }) => listener.closed(reason || `closed with code ${code}`);
    return {
      send(line) {
        if (socket.readyState === OPEN) socket.send(line);
      },
      close: () => socket.close(),
    };
  };
}
