/** `--joblog`: a line for each ended item, in the format of GNU parallel. */

import { closeSync, fstatSync, openSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { TaskTimedOut } from '../../../index.ts';
import { isInstance, read } from '../../../kit/realms.ts';
import { bytesOfText } from '../work/byte-text.ts';

const HEAD = 'Seq\tHost\tStarttime\tJobRuntime\tSend\tReceive\tExitval\tSignal\tCommand\n';
/** The host field for this machine. */
const HOST = ':';

/** The outcome of an attempt. */
export type AttemptOutcome = { readonly result: unknown } | { readonly error: unknown };

/** An ended item. */
export interface LoggedJob {
  /** The position of the item in the input, from 1. */
  readonly place: number;
  /** The start and end of the last attempt: milliseconds since the epoch. */
  readonly startedAt: number;
  readonly endedAt: number;
  readonly outcome: AttemptOutcome;
  /** Bytes of stdout. */
  readonly received: number;
  /** The command or call. */
  readonly text: string;
}

export class JobLog {
  readonly #fd: number;
  /** False for a file that another process opened for this one and unlinked. */
  readonly #hasName: boolean;

  /**
   * @param appends whether existing lines are kept. @throws the errors of opening the file.
   */
  constructor(path: string, appends: boolean) {
    this.#fd = openSync(path, appends ? 'a' : 'w');
    const { size, nlink } = fstatSync(this.#fd);
    this.#hasName = nlink > 0;
    if (size === 0) writeFileSync(this.#fd, HEAD);
  }

  /**
   * @throws the errors of writing; an Error if the log was deleted meanwhile.
   */
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
      // As in parallel: a line break would end the entry.
      text.replaceAll('\n', '\0'),
    ];
    writeFileSync(this.#fd, bytesOfText(`${fields.join('\t')}\n`));
    if (this.#hasName && fstatSync(this.#fd).nlink === 0) throw new Error('it was removed');
  }

  close(): void {
    closeSync(this.#fd);
  }
}

/** Logged for failures without an exit code, such as a timeout. */
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
