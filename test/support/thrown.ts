/** What is thrown, also if it is caught at once: that takes as long as several calls of a pool do. */

import { type Debugger, Session } from 'node:inspector';

/** Notes where anything is thrown, or a promise rejected, by what the sources of the package run. */
export class ThrowWatch {
  // Of this very thread, which is not held up: it continues when a listener returns.
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

  /** Runs something; the functions that threw meanwhile, and their files. */
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
