/** Counts thrown errors, also those that are caught immediately: each takes as long as several calls of a pool. */

import { type Debugger, Session } from 'node:inspector';

/** Records where the sources of the package throw an error or reject a promise. */
export class ThrowWatch {
  // Debugs this thread itself, which continues as soon as a listener returns.
  readonly #session = new Session();
  readonly #files = new Map<string, string>();
  #places: string[] = [];

  constructor() {
    const session = this.#session;
    session.connect();
    session.on('Debugger.scriptParsed', ({ params: { scriptId, url } }) => {
      this.#files.set(scriptId, url);
    });
    session.on('Debugger.paused', ({ params: { callFrames } }) => this.#note(callFrames));
    session.post('Debugger.enable');
  }

  /** Runs something; resolves with the functions that threw in the meantime, and their files. */
  async during(run: () => unknown): Promise<string[]> {
    this.#places = [];
    this.#session.post('Debugger.setPauseOnExceptions', { state: 'all' });
    try {
      await run();
    } finally {
      this.#session.post('Debugger.setPauseOnExceptions', { state: 'none' });
    }
    return this.#places;
  }

  end(): void {
    this.#session.disconnect();
  }

  #note(frames: readonly Debugger.CallFrame[]): void {
    const files = frames.map(({ location }) => this.#files.get(location.scriptId) ?? '');
    // The runner of the tests may throw as well.
    if (!files.some((file) => file.includes('/src/'))) return;
    const line = (frames[0]?.location.lineNumber ?? -1) + 1;
    this.#places.push(`${frames[0]?.functionName} ${files[0]?.split('/').at(-1)}:${line}`);
  }
}
