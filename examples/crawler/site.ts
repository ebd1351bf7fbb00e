/**
 * The site that is crawled: ten host names on one port of this machine, as slow and unreliable as real ones. It
 * behaves the same each time, and records all requests.
 */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { Capacity } from './capacity.ts';
import { chanceOf, type Fate, fateOf } from './fate.ts';
import { Host, PAUSE_SECONDS } from './host.ts';

export const HOSTS: readonly string[] = [
  ...['archive', 'bakery', 'garden', 'harbour', 'library'],
  ...['market', 'museum', 'school', 'station', 'theatre'],
].map((name) => `${name}.example`);

export interface SiteOptions {
  /** The number of pages on all hosts. */
  readonly pages: number;
  /** The number of pages served concurrently; other requests wait in line. Default: 24. */
  readonly capacity?: number;
  /** The average time to serve a page in milliseconds. Default: 40. */
  readonly pace?: number;
}

const STATUS: Record<Exclude<Fate, 'lost'>, number> = { fine: 200, fails: 500, missing: 404 };

export class Site {
  readonly hosts: ReadonlyMap<string, Host> = new Map(HOSTS.map((name) => [name, new Host()]));
  readonly #pages: number;
  readonly #pace: number;
  readonly #capacity: Capacity;
  readonly #server: Server;

  constructor({ pages, capacity = 24, pace = 40 }: SiteOptions) {
    this.#pages = pages;
    this.#pace = pace;
    this.#capacity = new Capacity(capacity);
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  /** Returns the port. */
  async open(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('expected a port');
    return address.port;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  /** Returns the paths of the pages of a host. */
  pathsOf(name: string): string[] {
    const hosts = HOSTS.length;
    const count = Math.floor((this.#pages + hosts - 1 - HOSTS.indexOf(name)) / hosts);
    return Array.from({ length: count }, (_, page) => `/pages/${page}`);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const name = request.headers.host?.split(':')[0] ?? '';
    const path = request.url ?? '/';
    const host = this.hosts.get(name);
    if (host === undefined) {
      response.writeHead(421).end();
      return;
    }
    const { visit, count } = host.visit(path);
    const isSitemap = path === '/sitemap.txt';
    const fate = isSitemap ? 'fine' : fateOf(name + path, count);
    // Lost requests take no capacity.
    if (fate === 'lost') return;
    host.begin();
    response.once('close', () => host.end());
    if (!isSitemap && host.hasEnough()) {
      visit.status = 429;
      response.writeHead(429, { 'retry-after': String(PAUSE_SECONDS) }).end();
      return;
    }
    await this.#capacity.run(() => sleep(this.#pace * (0.5 + chanceOf(`${path} ${name}`))));
    visit.status = STATUS[fate];
    const body = isSitemap ? this.pathsOf(name).join('\n') : pageOf(name, path);
    response.writeHead(visit.status, { 'content-type': 'text/html' }).end(body);
  }
}

function pageOf(name: string, path: string): string {
  const text = 'All that there is to know. '.repeat(5 + 100 * chanceOf(name + path));
  return `<!doctype html><title>${name}, page ${path.split('/').at(-1)}</title><p>${text}</p>\n`;
}
