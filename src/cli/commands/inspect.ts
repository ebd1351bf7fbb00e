/** `taskpool inspect`: serves a page that shows the actors of any xstate program. */

import type { Command } from 'commander';
import { newCommand } from '../command.ts';
import type { InspectFlags } from '../inspector/serve.ts';
import { parsePort } from './targets.ts';

export function inspectCommand(): Command {
  return newCommand('inspect')
    .description(
      'Serves a page that shows the actors of xstate programs: their charts, states, events ' +
        'and values. Programs connect with @statelyai/inspect; the page needs no internet. The link ' +
        'is the first line of stdout.',
    )
    .option('--port <port>', 'where to listen; 0 is a free port (default: 8080)', parsePort)
    .option('--open', 'open the page in the browser')
    .addHelpText('after', EXAMPLE)
    .action(async (flags: InspectFlags) => {
      // Loaded on demand, so that other commands start faster.
      const { showInspector } = await import('../inspector/serve.ts');
      await showInspector(flags);
    });
}

const EXAMPLE = `
In the program:
  import { createWebSocketInspector } from '@statelyai/inspect';

  const { inspect } = createWebSocketInspector({ url: 'ws://127.0.0.1:8080' });
  createActor(machine, { inspect }).start();`;
