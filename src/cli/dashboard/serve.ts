/** Runs `taskpool dashboard`: serves the page of a journal or of a control server. */

import type { Logger } from '../../index.ts';
import { Connection } from '../../node/control/client/connection.ts';
import { nameOf, type Target } from '../../node/control/client/target.ts';
import { DashboardServer, type PageAddress } from '../../node/dashboard/dashboard-server.ts';
import { RecordedPool } from '../../node/dashboard/recorded-pool.ts';
import { RelayServer } from '../../node/dashboard/relay-server.ts';
import { summarizeError } from '../../printable/error.ts';
import { complaint } from '../complaint.ts';
import { readToken } from '../control/token.ts';
import { CommandFailed, ExitCode } from '../exit.ts';
import { openJournal } from '../journal/open-journal.ts';
import { mayExist } from '../journal/place.ts';
import { Ticker } from '../journal/ticker.ts';
import { visible } from '../visible.ts';
import { openBrowser } from './open-browser.ts';

export interface DashboardFlags {
  readonly port?: number;
  readonly open?: boolean;
  readonly readOnly?: boolean;
  readonly tokenFile?: string;
}

/** Logs errors of the server to stderr. */
export const LOGGER: Logger = {
  info: () => {},
  error: (message: unknown, error?: unknown) => {
    const why = error === undefined ? '' : `: ${summarizeError(error).message}`;
    process.stderr.write(complaint(`${String(message)}${why}`));
  },
};

/** Serves the page of a journal until Ctrl-C. */
export async function showJournalPage(path: string, flags: DashboardFlags): Promise<void> {
  if (!mayExist(path)) {
    const message = `expected a journal that exists, got ${visible(path)}`;
    throw new CommandFailed(ExitCode.usage, message);
  }
  const journal = await openJournal(path, true);
  if (journal.nextSeq === 0) {
    await journal.close();
    throw new CommandFailed(ExitCode.failed, `expected a journal with events, got none in ${path}`);
  }
  const pool = await readPool(journal);
  const server = new DashboardServer(pool, { ...portOf(flags), logger: LOGGER });
  await untilInterrupted(server, flags);
  await pool.close();
}

/** Reading a large journal takes seconds, so progress is printed. */
async function readPool(journal: Awaited<ReturnType<typeof openJournal>>): Promise<RecordedPool> {
  const last = journal.nextSeq;
  const ticker = new Ticker((events: number) => `reading: ${events} of ${last} events`);
  try {
    return await RecordedPool.open(journal, LOGGER, (events) => ticker.touch(events));
  } finally {
    ticker.end();
  }
}

/** Serves the page of the pools of another process until Ctrl-C. */
export async function showRemotePage(target: Target, flags: DashboardFlags): Promise<void> {
  const targetToken = await readToken(flags.tokenFile);
  // Connects once up front, so that a wrong address or token fails here and not on the page.
  const connection = await Connection.open(target, { token: targetToken });
  await connection.close();
  const server = new RelayServer({
    target,
    targetToken,
    readOnly: flags.readOnly === true,
    ...portOf(flags),
    logger: LOGGER,
  });
  await untilInterrupted(server, flags, () => `The pools of ${nameOf(target)}; Ctrl-C ends it.`);
}

function portOf({ port }: DashboardFlags): { readonly port?: number } {
  return port === undefined ? {} : { port };
}

interface Listening<A extends PageAddress> {
  listen(): Promise<A>;
  close(): Promise<void>;
}

/**
 * Serves a page until Ctrl-C.
 *
 * @param noteOf returns a line for stderr; default: none.
 */
export async function untilInterrupted<A extends PageAddress>(
  server: Listening<A>,
  flags: Pick<DashboardFlags, 'open'>,
  noteOf?: (address: A) => string,
): Promise<void> {
  const address = await server.listen();
  // Installed before anything is printed: a program that reads it may send a signal immediately.
  const ended = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.once(signal, () => resolve());
  });
  if (noteOf !== undefined) process.stderr.write(`${noteOf(address)}\n`);
  process.stdout.write(`${address.url}\n`);
  if (flags.open === true) {
    openBrowser(address.url, (message) => process.stderr.write(complaint(message)));
  }
  await ended;
  await server.close();
}
