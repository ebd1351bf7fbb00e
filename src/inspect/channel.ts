/** Listens to what an inspector says, through the adapter of a program: its WebSocket, or its window. */

import { poll } from './adapter.ts';
import { HELLO } from './messages.ts';

/** As much of a WebSocket as is used, of whatever library. */
interface Socket {
  readonly readyState: number;
  send(data: string): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  removeEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
}

/** As much of a window as is used. */
interface Frame {
  postMessage(message: unknown, target: string): void;
}

interface MessageEvents {
  addEventListener(type: 'message', listener: (event: FrameEvent) => void): void;
  removeEventListener(type: 'message', listener: (event: FrameEvent) => void): void;
}

interface FrameEvent {
  readonly data: unknown;
  readonly source: unknown;
  readonly origin: string;
}

/** The adapters of `@statelyai/inspect`, as far as they can be seen. */
interface Adapter {
  /** Of one that has a WebSocket; another one after each attempt to connect. */
  readonly ws?: Socket | null;
  /** Of one that has a window, or a frame within the page. */
  readonly targetWindow?: Frame | null;
  readonly options?: { readonly window?: MessageEvents };
}

const OPEN = 1;
/** How often to check for a reconnect, in milliseconds: an adapter has no event for it. */
const LOOK_INTERVAL = 250;

export class ChannelWatch {
  readonly #adapter: Adapter;
  readonly #onMessage: (message: unknown) => void;
  #socket: Socket | undefined = undefined;
  /** The origin of the window that said hello. */
  #origin: string | undefined = undefined;
  #isStopped = false;

  constructor(adapter: unknown, onMessage: (message: unknown) => void) {
    this.#adapter = adapter as Adapter;
    this.#onMessage = onMessage;
    this.#adapter.options?.window?.addEventListener('message', this.#takeFromWindow);
    // What the server says first comes in a task of its own: listening begins before that.
    poll(LOOK_INTERVAL, () => {
      if (!this.#isStopped) this.#look();
      return this.#isStopped || this.#adapter.options?.window !== undefined;
    });
  }

  send(message: object): void {
    const { targetWindow } = this.#adapter;
    if (this.#socket !== undefined) {
      if (this.#socket.readyState === OPEN) this.#socket.send(JSON.stringify(message));
    } else if (targetWindow && this.#origin !== undefined) {
      targetWindow.postMessage(message, this.#origin);
    }
  }

  stop(): void {
    this.#isStopped = true;
    this.#socket?.removeEventListener('message', this.#takeFromSocket);
    this.#adapter.options?.window?.removeEventListener('message', this.#takeFromWindow);
  }

  #look(): void {
    const socket = this.#adapter.ws ?? undefined;
    if (socket === undefined || socket === this.#socket) return;
    this.#socket?.removeEventListener('message', this.#takeFromSocket);
    this.#socket = socket;
    socket.addEventListener('message', this.#takeFromSocket);
    // The inspector may have said hello before anyone listened.
    if (socket.readyState === OPEN) socket.send(JSON.stringify({ type: HELLO }));
  }

  readonly #takeFromSocket = ({ data }: { readonly data: unknown }): void => {
    try {
      this.#onMessage(JSON.parse(String(data)));
    } catch {
      // Not from an inspector of this package.
    }
  };

  readonly #takeFromWindow = ({ data, source, origin }: FrameEvent): void => {
    if (source !== this.#adapter.targetWindow) return;
    this.#origin = origin;
    this.#onMessage(data);
  };
}
