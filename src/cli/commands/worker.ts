/** `taskpool worker`: declares its arguments and options. */

import type { Command } from 'commander';
import { newCommand } from '../command.ts';
import { parseCount } from '../run/arguments/counts.ts';
import { parseDelay, parseDuration } from '../run/arguments/durations.ts';
import type { WorkerFlags } from '../worker/flags.ts';
import { parseHealth } from '../worker/health-address.ts';

export function workerCommand(): Command {
  return newCommand('worker')
    .description(
      'Serves the functions that a module exports to the pools of a cluster: those that call ' +
        "cluster('name') with the same Redis have their calls run here. On stdout there is a line for each " +
        'finished call; all else goes to stderr.',
    )
    .argument('<module>', 'the module that exports the functions')
    .requiredOption('--name <name>', 'the cluster')
    .option(
      '--redis <url>',
      'where Redis is, 7 or later; rediss:// for TLS (default: TASKPOOL_REDIS, or redis://127.0.0.1:6379)',
    )
    .option('-c, --concurrency <count>', 'calls run at a time (default: 1)', parseCount(1))
    .option('--prefix <text>', 'the prefix of keys in Redis (default: taskpool)')
    .option('--module-version <text>', 'what coordinators may ask for as the version')
    .option('--hash', 'the hash of the file is the version')
    .option('--lease <duration>', 'as that of the coordinators (default: 5s)', parseDuration)
    .option(
      '--grace <duration>',
      'how long running calls may take after SIGTERM (default: 10s)',
      parseDelay,
    )
    .option(
      '--health <address>',
      'answer /health and /metrics there: PORT or HOST:PORT',
      parseHealth,
    )
    .option('--watch', 'start again when the module, or what it imports, changes')
    .option('-q, --quiet', 'no line for each call')
    .addHelpText('after', EXAMPLES)
    .action(async (module: string, flags: WorkerFlags) => {
      // Loaded on demand, so that other commands start faster.
      const { startWorker } = await import('../worker/start.ts');
      await startWorker(module, flags);
    });
}

const EXAMPLES = `
Put a URL with a password into TASKPOOL_REDIS, where ps does not show it.

SIGTERM and Ctrl-C stop it: it takes no more calls, and running ones have the
grace to finish. Those that have not go back to the queue, for another worker.

Examples:
  taskpool worker ./work.js --name crawl -c 20
  TASKPOOL_REDIS=rediss://:secret@redis.example taskpool worker ./work.js --name crawl
  taskpool worker ./work.js --name crawl --health 0.0.0.0:9090`;
