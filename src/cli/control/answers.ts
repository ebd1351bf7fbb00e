/** Answers and events, as a person reads them. */

import type { Answer, Refusal } from '../../control/client/protocol.ts';
import { printEvent } from '../../control/printing/print.ts';
import type { PoolEvent } from '../../index.ts';
import { MAX_MESSAGE_LENGTH } from '../../printable/error.ts';
import { printable, printableMessage } from '../../printable/text.ts';
import { ExitCode } from '../exit.ts';
import type { Paint } from './colours.ts';

/** The codes of refusals that concern what was typed; all others concern the pool. */
const USAGE = ['BadArguments', 'BadRequest', 'CommandNotFound'];

export function exitCodeOf(answer: Answer): ExitCode {
  if (answer.ok) return ExitCode.fine;
  // No one else gives up what was asked here: the server is being closed.
  if (answer.error.code === 'RequestAborted') return ExitCode.noConnection;
  return USAGE.includes(answer.error.code) ? ExitCode.usage : ExitCode.failed;
}

/** What a command answered. */
export function textOf(answer: Answer & { ok: true }): string {
  return printable(answer.text ?? '');
}

/** Why a command was refused. */
export function complaintOf({ message }: Refusal): string {
  return printableMessage(message, MAX_MESSAGE_LENGTH);
}

/** One line, the type of the event where the eye finds it. */
export function lineOf(event: PoolEvent, paint: Paint): string {
  return printEvent(event).replace(event.type, (type) => paint('type', type));
}
