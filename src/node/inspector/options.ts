/** The options of an inspector server. */

import type { Logger } from '../../index.ts';
import { checkLogger } from '../../kit/checks.ts';
import { OptionBag } from '../../kit/option-bag.ts';
import { PAGE_SERVER_OPTIONS, type PageServerOptions } from '../dashboard/options.ts';

/** Options of an {@link InspectorServer}. */
export interface InspectorServerOptions extends Omit<PageServerOptions, 'port'> {
  /**
   * The port, 0 to 65,535; 0 picks a free one. Default: 8080, to which `createWebSocketInspector()` connects without
   * a `url`.
   */
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
