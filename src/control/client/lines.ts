/** Connections that carry lines in both directions: a WebSocket in a browser, a pipe in a test. */

/** One side of a connection. */
export interface Lines {
  /** Sends a line, given without its newline. */
  send(line: string): void;
  /** Closes the connection. */
  close(): void;
}

/** Notified of events of a connection. */
export interface LineListener {
  /** It is established: lines can be sent. */
  opened(): void;
  /** A line was received, given without its newline. */
  line(line: string): void;
  /** It has ended, or could not be established. Called last. */
  closed(reason: string): void;
}

/** Starts to establish a connection. */
export type OpenLines = (listener: LineListener) => Lines;

/** The used part of the platform's `WebSocket`, whose types not every program has. */
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
 * Returns a function that opens connections over WebSocket. A message holds one or more lines.
 *
 * @param url `ws:` or `wss:`
 * @throws TypeError when connecting, if the platform has no `WebSocket`.
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
