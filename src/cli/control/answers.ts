/** Prints answers and events for people. */

import type { Answer, Refusal } from '../../control/client/protocol.ts';
import { printEvent } from '../../control/printing/print.ts';
import type { PoolEvent } from '../../index.ts';
import { MAX_MESSAGE_LENGTH } from '../../printable/error.ts';
import { printable, printableMessage } from '../../printable/text.ts';
import { ExitCode } from '../exit.ts';
import type { Paint } from './colours.ts';

/** Error codes caused by the command line; all others are caused by the pool. */
const USAGE = ['BadArguments', 'BadRequest', 'CommandNotFound'];

export function exitCodeOf(answer: Answer): ExitCode {
  if (answer.ok) return ExitCode.fine;
  // This client aborts no requests itself, so the server is closing.
  if (answer.error.code === 'RequestAborted') return ExitCode.noConnection;
  return USAGE.includes(answer.error.code) ? ExitCode.usage : ExitCode.failed;
}

/** The text of a successful answer. */
export function textOf(answer: Answer & { ok: true }): string {
  return printable(answer.text ?? '');
}

/** The message of a refusal. */
export function complaintOf({ message }: Refusal): string {
  return printableMessage(message, MAX_MESSAGE_LENGTH);
}

/** One line for an event, with its type highlighted. */
export function lineOf(event: PoolEvent, paint: Paint): string {
  return printEvent(event).replace(event.type, (type) => paint('type', type));
}
