/** Runs `taskpool inspect`: serves the page of the inspector. */

import { InspectorServer } from '../../node/inspector/inspector-server.ts';
import { LOGGER, untilInterrupted } from '../dashboard/serve.ts';
import { CommandFailed, ExitCode } from '../exit.ts';

export interface InspectFlags {
  readonly port?: number;
  readonly open?: boolean;
}

/** Serves the page until Ctrl-C. */
export async function showInspector(flags: InspectFlags): Promise<void> {
  const { port } = flags;
  const server = new InspectorServer({ ...(port === undefined ? {} : { port }), logger: LOGGER });
  const listen = () =>
    server.listen().catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EADDRINUSE') throw error;
      const why = `${error.message}; --port takes another one`;
      throw new CommandFailed(ExitCode.failed, why);
    });
  await untilInterrupted(
    { listen, close: () => server.close() },
    flags,
    ({ inspectorUrl }) => `Programs connect to ${inspectorUrl}; Ctrl-C ends it.`,
  );
}
