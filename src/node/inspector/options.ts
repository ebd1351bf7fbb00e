/** What an inspector server is given. */

import type { Logger } from '../../index.ts';
import { checkLogger } from '../../kit/checks.ts';
import { OptionBag } from '../../kit/option-bag.ts';
import { PAGE_SERVER_OPTIONS, type PageServerOptions } from '../dashboard/options.ts';

/** Options of an {@link InspectorServer}. */
export interface InspectorServerOptions extends Omit<PageServerOptions, 'port'> {
  /** Default: 8080, where `createWebSocketInspector()` connects to without a `url`. 0: one that is free. */
  readonly port?: number;
  /** Gets the errors of the server itself. Default: `console`. */
  readonly logger?: Logger;
}

export const DEFAULT_PORT = 8080;

const OPTIONS = new OptionBag<InspectorServerOptions>({
  ...PAGE_SERVER_OPTIONS,
  logger: [checkLogger, 'log', 'console'],
});

/** @throws TypeError, RangeError for invalid options. */
export function checkOptions(options: InspectorServerOptions): void {
  OPTIONS.check('new InspectorServer()', options);
}
