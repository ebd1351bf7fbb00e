/** `--joblog`: a line for each item that has ended, in the format of GNU parallel. */

import { closeSync, fstatSync, openSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { TaskTimedOut } from '../../../index.ts';
import { isInstance, read } from '../../../kit/realms.ts';
import { bytesOfText } from '../work/byte-text.ts';

const HEAD = 'Seq\tHost\tStarttime\tJobRuntime\tSend\tReceive\tExitval\tSignal\tCommand\n';
/** What stands for this machine. */
const HOST = ':';

/** What an item came to. */
export type AttemptOutcome = { readonly result: unknown } | { readonly error: unknown };

/** An item that has ended. */
export interface LoggedJob {
  /** The place of the item in the input, from 1. */
  readonly place: number;
  /** When it was tried last, and when that ended: milliseconds since the epoch. */
  readonly startedAt: number;
  readonly endedAt: number;
  readonly outcome: AttemptOutcome;
  /** Bytes that a command has printed on stdout. */
  readonly received: number;
  /** What was done. */
  readonly text: string;
}

export class JobLog {
  readonly #fd: number;
  /** Not what another process has opened for this one, and removed. */
  readonly #hasName: boolean;

  /** @param appends whether what is there is kept. @throws what opening the file throws. */
  constructor(path: string, appends: boolean) {
    this.#fd = openSync(path, appends ? 'a' : 'w');
    const { size, nlink } = fstatSync(this.#fd);
    this.#hasName = nlink > 0;
    if (size === 0) writeFileSync(this.#fd, HEAD);
  }

  /** @throws what writing throws; an Error if no one can find the log any more. */
  add({ place, startedAt, endedAt, outcome, received, text }: LoggedJob): void {
    const runtime = ((endedAt - startedAt) / 1000).toFixed(3);
    const { exitCode, signal } = endOf(outcome);
    const fields = [
      place,
      HOST,
      (startedAt / 1000).toFixed(3),
      runtime.padStart(10),
      0,
      received,
      exitCode,
      signal,
      // As parallel does: a line break would end the entry.
      text.replaceAll('\n', '\0'),
    ];
    writeFileSync(this.#fd, bytesOfText(`${fields.join('\t')}\n`));
    if (this.#hasName && fstatSync(this.#fd).nlink === 0) throw new Error('it was removed');
  }

  close(): void {
    closeSync(this.#fd);
  }
}

/** What is logged of something that is no exit code, such as a command that took too long. */
const NO_EXIT_CODE = -1;

function endOf(outcome: AttemptOutcome): { readonly exitCode: number; readonly signal: number } {
  if ('result' in outcome) return { exitCode: 0, signal: 0 };
  const { error } = outcome;
  const code = read(error, 'code');
  if (typeof code === 'number' && read(error, 'name') === 'CommandError') {
    return { exitCode: code, signal: 0 };
  }
  const signal = typeof code === 'string' && constants.signals[code as NodeJS.Signals];
  if (signal) return { exitCode: 0, signal };
  if (isInstance(error, TaskTimedOut)) {
    return { exitCode: NO_EXIT_CODE, signal: constants.signals.SIGTERM };
  }
  return { exitCode: 1, signal: 0 };
}
