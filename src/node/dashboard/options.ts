/** The options of dashboard servers. */

import { randomBytes } from 'node:crypto';
import type { ServerOptions as TlsOptions } from 'node:https';
import { BasePool, type Logger } from '../../index.ts';
import { checkLogger } from '../../kit/checks.ts';
import { OptionBag, type OptionTable } from '../../kit/option-bag.ts';
import { printableValue } from '../../printable/value.ts';
import { checkHost, checkPort, checkTls } from '../address-checks.ts';
import { ACCEPTANCE_OPTIONS, type AcceptanceOptions } from '../control/acceptance.ts';
import { RecordedPool } from './recorded-pool.ts';

/** Where a page is served. */
export interface PageServerOptions {
  /** The host to listen on. Any but a loopback address requires `tls`. Default: `'127.0.0.1'`. */
  readonly host?: string;
  /** The port, 0 to 65,535. Default: 0, a free one. */
  readonly port?: number;
  /** Certificate and key, as for `https.createServer`. Default: no encryption. */
  readonly tls?: TlsOptions;
}

/** Options of a {@link DashboardServer}. */
export interface DashboardServerOptions extends AcceptanceOptions, PageServerOptions {
  /** The token that the page must send; the link contains it. Default: a random one. */
  readonly token?: string;
  /** Gets the errors of the server itself. Default: `console`. */
  readonly logger?: Logger;
}

/** The options of every page server. */
export const PAGE_SERVER_OPTIONS: OptionTable<PageServerOptions> = {
  host: [checkHost, 'hostname', 'address', 'bind'],
  port: [checkPort],
  tls: [checkTls, 'ssl', 'https', 'secure'],
};

const OPTIONS = new OptionBag<DashboardServerOptions>({
  ...ACCEPTANCE_OPTIONS,
  ...PAGE_SERVER_OPTIONS,
  logger: [checkLogger, 'log', 'console'],
});

const TOKEN_BYTES = 24;

/** @throws TypeError, RangeError for invalid options. */
export function checkOptions(options: DashboardServerOptions): void {
  OPTIONS.check('new DashboardServer()', options);
}

/** A random token that cannot be guessed. */
export function newToken(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url');
}

/** One pool, or several by the names shown on the page. */
export type Served = BasePool | RecordedPool | Readonly<Record<string, BasePool>>;

/** @throws TypeError unless there is at least one pool. */
export function poolsOf(served: Served): {
  readonly pools: readonly BasePool[];
  readonly names?: ReadonlyMap<BasePool, string>;
} {
  if (served instanceof BasePool) return { pools: [served] };
  if (served instanceof RecordedPool) return { pools: [served.asPool] };
  const entries = typeof served === 'object' && served !== null ? Object.entries(served) : [];
  const names = new Map<BasePool, string>();
  for (const [name, pool] of entries) {
    if (!(pool instanceof BasePool)) {
      throw new TypeError(`expected '${name}' to be a pool, got ${printableValue(pool)}`);
    }
    if (names.has(pool)) throw new TypeError(`expected ${pool} once, got it twice`);
    names.set(pool, name);
  }
  if (names.size > 0) return { pools: [...names.keys()], names };
  throw new TypeError('expected a pool, or an object of pools by their names');
}
