/** Runs command lines one after the other, for scripts. */

import type { Answer } from '../../control/client/protocol.ts';
import type { PoolEvent } from '../../index.ts';
import type { Connection } from '../../node/control/client/connection.ts';
import { printableJsonOf } from '../../printable/text.ts';
import { complaint } from '../complaint.ts';
import { ExitCode } from '../exit.ts';
import { complaintOf, exitCodeOf, lineOf, textOf } from './answers.ts';
import { type Paint, paintFor } from './colours.ts';
import { commandOf } from './command-line.ts';

export interface BatchOptions {
  /** Print JSON lines instead of text. */
  readonly json: boolean;
}

/**
 * Runs command lines until the input ends or a line is `exit`.
 *
 * @returns the exit code of the first refused command, 0 if there is none.
 * @throws ConnectionLost
 */
export async function runLines(
  connection: Connection,
  lines: Iterable<string> | AsyncIterable<string>,
  { json }: BatchOptions,
): Promise<ExitCode> {
  const print = json ? asJson : asText(paintFor(process.stdout));
  let exitCode: ExitCode = ExitCode.fine;
  for await (const line of lines) {
    if (line.trim() === '') continue;
    const answer = await connection.request({ line }, print.event).answer;
    print.answer(answer);
    exitCode ||= exitCodeOf(answer);
    if (answer.ok && commandOf(line) === 'exit') break;
  }
  return exitCode;
}

/** Prints answers and events to stdout, and errors to stderr. */
interface Printer {
  answer(answer: Answer): void;
  event(event: PoolEvent): void;
}

const asText = (paint: Paint): Printer => ({
  answer(answer) {
    if (answer.ok) process.stdout.write(`${textOf(answer)}\n`);
    else process.stderr.write(complaint(complaintOf(answer.error)));
  },
  event: (event) => process.stdout.write(`${lineOf(event, paint)}\n`),
});

const asJson: Printer = {
  answer: (answer) => process.stdout.write(jsonLine(forMachines(answer))),
  event: (event) => process.stdout.write(jsonLine({ event })),
};

function jsonLine(value: object): string {
  return `${printableJsonOf(value)}\n`;
}

/** The answer without request number (internal to the protocol) and text (for people). */
function forMachines(answer: Answer): object {
  return answer.ok ? { ok: true, value: answer.value } : { ok: false, error: answer.error };
}
