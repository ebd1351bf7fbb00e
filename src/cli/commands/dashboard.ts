/** `taskpool dashboard`: serves a page that shows and controls a pool. */

import type { Command } from 'commander';
import type { Target } from '../../node/control/client/target.ts';
import { withHabits } from '../command.ts';
import type { DashboardFlags } from '../dashboard/serve.ts';
import { JOURNAL_FORMS } from '../journal/place.ts';
import { parseHost, parsePath, parsePort, readCa, readPort, WithAddress } from './targets.ts';

export function dashboardCommand(): Command {
  const dashboard = withHabits(new WithAddress('dashboard'))
    .enablePositionalOptions()
    .description(
      'Serves a page that shows a pool and its history: a running one, through its ' +
        'control server, or a journal, also while it is written. The link is the first line of stdout.',
    )
    .argument('[journal]', JOURNAL_FORMS)
    .addHelpText('after', EXAMPLES);
  addShared(dashboard).action(async (path: string | undefined, flags: DashboardFlags) => {
    if (path === undefined) {
      return dashboard.error('error: expected a journal, tcp HOST PORT or unix PATH');
    }
    const { showJournalPage } = await import('../dashboard/serve.ts');
    await showJournalPage(path, flags);
  });
  addTcp(dashboard);
  addUnix(dashboard);
  return dashboard;
}

const EXAMPLES = `
Examples:
  taskpool dashboard run.db --open                a journal
  taskpool dashboard tcp localhost 9999           a running pool
  taskpool dashboard unix /run/pool.sock --port 8080

Everyone who has the link can change the pool, since it contains a token. With
--read-only the page only shows a pool.`;

interface TcpFlags extends DashboardFlags {
  readonly tls?: true;
  readonly ca?: string;
}

function addTcp(dashboard: Command): void {
  const tcp = dashboard
    .command('tcp')
    .description('A pool whose control server listens on a TCP port')
    .argument('<host>', 'a name or an address', parseHost)
    .argument('<port>', 'a number', readPort);
  addRemote(tcp)
    .option('--tls', 'encrypt, and verify the certificate of the server')
    .option('--ca <file>', 'the certificates (PEM) to trust; implies --tls')
    .action(async (host: string, port: number, flags: TcpFlags) => {
      const { tls = false, ca } = flags;
      await relay({ host, port, tls: ca === undefined ? tls : { ca: readCa(ca) } }, flags);
    });
}

function addUnix(dashboard: Command): void {
  const unix = dashboard
    .command('unix')
    .description('A pool whose control server listens on a Unix socket')
    .argument('<path>', 'where the socket is', parsePath);
  addRemote(unix).action((path: string, flags: DashboardFlags) => relay({ path }, flags));
}

function addRemote(command: Command): Command {
  return addShared(command)
    .option('--token-file <file>', 'the file with the token of the server, if not TASKPOOL_TOKEN')
    .option('--read-only', 'change nothing');
}

function addShared(command: Command): Command {
  return command
    .option('--port <port>', 'where the page is served (default: a free port)', parsePort)
    .option('--open', 'open it in the browser');
}

/** Loads the server on demand, so that other commands start faster. */
async function relay(target: Target, flags: DashboardFlags): Promise<void> {
  const { showRemotePage } = await import('../dashboard/serve.ts');
  await showRemotePage(target, flags);
}
