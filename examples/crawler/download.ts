/** HTTP, as far as a crawler needs it. */

import { Agent, get } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly body: string;
  /** Milliseconds after which to come again, if the answer says so. */
  readonly retryAfter: number | undefined;
}

/** All host names are on this machine: nothing of a crawl leaves it. */
const agent = new Agent({
  keepAlive: true,
  lookup: (_name, { all }, callback) => {
    const [address, family] = ['127.0.0.1', 4];
    if (all === true) callback(null, [{ address, family }]);
    else callback(null, address, family);
  },
});

export interface DownloadOptions {
  /** Where all of them are served. */
  readonly port: number;
  /** Ends the request. */
  readonly signal: AbortSignal;
}

/** The answer of a server, whatever it is. */
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

/** `Retry-After` is a number of seconds or a date. */
function millisecondsOf(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const seconds = Number(header);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
