/** Receives messages of an inspector through the program's adapter: its WebSocket, or its window. */

import { poll } from './adapter.ts';
import { HELLO } from './messages.ts';

/** The used part of a WebSocket of any library. */
interface Socket {
  readonly readyState: number;
  send(data: string): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  removeEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
}

/** The used part of a window. */
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

/** The used part of the adapters of `@statelyai/inspect`. */
interface Adapter {
  /** Set if it uses a WebSocket; replaced with each attempt to connect. */
  readonly ws?: Socket | null;
  /** Set if it uses a window, or a frame within the page. */
  readonly targetWindow?: Frame | null;
  readonly options?: { readonly window?: MessageEvents };
}

const OPEN = 1;
/** Milliseconds between two checks for a reconnect, since an adapter emits no event. */
const LOOK_INTERVAL = 250;

export class ChannelWatch {
  readonly #adapter: Adapter;
  readonly #onMessage: (message: unknown) => void;
  #socket: Socket | undefined = undefined;
  /** The origin of the window that sent the hello. */
  #origin: string | undefined = undefined;
  #isStopped = false;

  constructor(adapter: unknown, onMessage: (message: unknown) => void) {
    this.#adapter = adapter as Adapter;
    this.#onMessage = onMessage;
    this.#adapter.options?.window?.addEventListener('message', this.#takeFromWindow);
    // The server's first message arrives in a later task, after the listener is added.
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
    // The inspector may have sent its hello before the listener was added.
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
