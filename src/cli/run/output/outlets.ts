/** The outputs of a run: results on stdout, everything else on stderr. */

import { isTerminal, STDERR, STDOUT } from '../../descriptors.ts';
import type { Screen } from '../progress/screen.ts';
import { mayHaveBeenClosed } from './discarded.ts';
import { Messages } from './messages.ts';
import { DescriptorSink, type Sink, type SinkEvents, TerminalSink } from './sink.ts';

export interface Outlets {
  readonly messages: Messages;
  /** Set if progress is drawn on the terminal. */
  readonly screen: Screen | undefined;
  openSink(events: SinkEvents): Sink;
  /** Prints a warning if stdout seems to be closed, so that results are lost. */
  warnIfDiscarded(): void;
}

/**
 * @param draws whether progress may be drawn, if stderr is a terminal.
 */
export async function openOutlets(draws: boolean): Promise<Outlets> {
  const screen = draws && isTerminal(STDERR) ? await openScreen() : undefined;
  const messages = new Messages(screen);
  const writeStderr = (data: string | Uint8Array) => messages.pass(data);
  return {
    messages,
    screen,
    openSink: (events) =>
      isTerminal(STDOUT)
        ? new TerminalSink(screen, writeStderr)
        : new DescriptorSink(STDOUT, writeStderr, events),
    warnIfDiscarded: () => {
      if (mayHaveBeenClosed(STDOUT))
        messages.say('stdout is closed or discarded: the results are lost');
    },
  };
}

/** Loaded only for terminals, since measuring text needs a larger module. */
async function openScreen(): Promise<Screen> {
  const { Screen } = await import('../progress/screen.ts');
  return new Screen(process.stderr);
}
