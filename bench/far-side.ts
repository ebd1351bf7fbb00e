/** The other process of a connection, started for one measurement. */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

type FarProgram = `control/${'watchers' | 'server' | 'page' | 'idle-share'}` | 'cluster/worker';

export class FarSide<Request extends object | string, Answer> {
  readonly #child: ChildProcess;

  /** Starts one of the programs in this folder. */
  constructor(name: FarProgram) {
    this.#child = fork(fileURLToPath(new URL(`./${name}.js`, import.meta.url)));
  }

  /** Sends a request and waits for the next answer. */
  async ask(request: Request): Promise<Answer> {
    const answer = this.next();
    this.#child.send(request);
    return await answer;
  }

  next(): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const fail = (code: number | null) => reject(new Error(`The far side ended with ${code}.`));
      this.#child.once('exit', fail);
      this.#child.once('message', (message) => {
        this.#child.off('exit', fail);
        resolve(message as Answer);
      });
    });
  }

  /** Ends the process, for a measurement that starts others. */
  async end(): Promise<void> {
    const { exitCode, signalCode } = this.#child;
    if (exitCode !== null || signalCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGKILL');
    await ended;
  }
}

/** On the far side: answers requests one after the other until the near side disconnects. */
export function answering<Request, Answer>(
  answer: (request: Request, say: (answer: Answer) => void) => Promise<void>,
): void {
  process.on('message', (request) => {
    void answer(request as Request, (message) => process.send?.(message));
  });
  process.on('disconnect', () => process.exit());
}
