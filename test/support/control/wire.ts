/** The client's end of a connection, byte by byte. */

import { connect, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';

/** Where to connect to. */
export type Address = { readonly port: number; readonly host?: string } | { readonly path: string };

export class Wire {
  readonly socket: Socket;
  readonly #chunks: string[] = [];
  #wake: () => void = () => {};
  #hasEnded = false;
  /** The received text after the lines that were taken. */
  #rest = '';

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      this.#chunks.push(chunk);
      this.#wake();
    });
    const end = () => {
      this.#hasEnded = true;
      this.#wake();
    };
    socket.on('end', end);
    socket.on('close', end);
    socket.on('error', end);
  }

  static async open(address: Address, tls?: ConnectionOptions): Promise<Wire> {
    const options = { allowHalfOpen: true, ...address };
    const socket = tls === undefined ? connect(options) : connectTls({ ...options, ...tls });
    await new Promise<void>((resolve, reject) => {
      socket.once(tls === undefined ? 'connect' : 'secureConnect', resolve);
      socket.once('error', reject);
    });
    return new Wire(socket);
  }

  /** Connects, completes the handshake and takes the greeting. */
  static async greeted(address: Address, info: object = {}): Promise<Wire> {
    const wire = await Wire.open(address);
    wire.send(JSON.stringify(info));
    await wire.line();
    return wire;
  }

  /** Sends a line. */
  send(line: string): void {
    this.socket.write(`${line}\n`);
  }

  /** The next received chunk; empty at the end. */
  async chunk(): Promise<string> {
    while (this.#chunks.length === 0 && !this.#hasEnded) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#chunks.shift() ?? '';
  }

  /** The next line, without its newline. */
  async line(): Promise<string> {
    while (!this.#rest.includes('\n')) {
      const chunk = await this.chunk();
      if (chunk === '') throw new Error(`expected a line, got the end after '${this.#rest}'`);
      this.#rest += chunk;
    }
    const end = this.#rest.indexOf('\n');
    const line = this.#rest.slice(0, end);
    this.#rest = this.#rest.slice(end + 1);
    return line;
  }

  /** Sends a line; resolves with the next received line. */
  async ask(line: string): Promise<string> {
    this.send(line);
    return this.line();
  }

  /** The next line, read as JSON. */
  async json(): Promise<unknown> {
    return JSON.parse(await this.line());
  }

  /** Everything that is received until the server ends the connection. */
  async all(): Promise<string> {
    let text = this.#rest;
    this.#rest = '';
    for (let chunk = await this.chunk(); chunk !== ''; chunk = await this.chunk()) text += chunk;
    return text;
  }

  close(): void {
    this.socket.destroy();
  }
}
