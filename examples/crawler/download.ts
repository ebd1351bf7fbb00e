/** A small HTTP client for the crawler. */

import { Agent, get } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly body: string;
  /** The value of `Retry-After` in milliseconds; undefined if the response has none. */
  readonly retryAfter: number | undefined;
}

/** Resolves all host names to this machine, so that the crawler makes no requests to the internet. */
const agent = new Agent({
  keepAlive: true,
  lookup: (_name, { all }, callback) => {
    const [address, family] = ['127.0.0.1', 4];
    if (all === true) callback(null, [{ address, family }]);
    else callback(null, address, family);
  },
});

export interface DownloadOptions {
  /** The port on which all hosts are served. */
  readonly port: number;
  /** Aborts the request. */
  readonly signal: AbortSignal;
}

/** Returns the response, whatever its status. @throws if there is none. */
export async function download(url: string, { port, signal }: DownloadOptions): Promise<Answer> {
  return await new Promise<Answer>((resolve, reject) => {
    const request = get(url, { agent, port, signal }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (text: string) => {
        body += text;
      });
      response.once('error', reject);
      response.once('end', () => {
        const { statusCode = 0, headers } = response;
        resolve({ status: statusCode, body, retryAfter: millisecondsOf(headers['retry-after']) });
      });
    });
    request.once('error', reject);
  });
}

/** Parses `Retry-After`: a number of seconds or a date. */
function millisecondsOf(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const seconds = Number(header);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
