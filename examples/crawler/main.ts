/**
 * A polite and persistent crawler: it limits concurrent requests and requests per second of each host, pauses a host
 * for as long as it demands, aborts slow requests, retries failures, and adapts the size of the pool to what the site
 * can handle. It may be killed at any time; started again, it continues.
 */

import { writeFile } from 'node:fs/promises';
import { type TaskContext, TaskPool } from 'xstate-taskpool';
import { autosize, gradient } from 'xstate-taskpool/autosize';
import { JsonlStore } from 'xstate-taskpool/journal/jsonl';
import { closeOnSignal } from 'xstate-taskpool/node';
import { recoverTaskPool } from 'xstate-taskpool/recovery';
import { download } from './download.ts';
import { HttpError, isTemporary } from './http-error.ts';
import { type Options, readOptions } from './options.ts';
import { showProgress } from './progress.ts';
import { HOSTS, Site } from './site.ts';

const PAGES = 'pages';
const TRIES = {
  limit: 8,
  delay: 100,
  maxDelay: 2_000,
  jitter: 'equal',
  when: isTemporary,
} as const;

const hostOf = (url: string): string => new URL(url).hostname;

/** Crawls the site on a port. Returns the number of pages that could not be loaded. */
async function crawl(port: number, options: Options): Promise<number> {
  const { journal: folder, output, perHost, rate, timeout } = options;
  const limits = { host: { concurrent: perHost, rate: { max: rate, per: 1_000 } } };

  /** Returns the line of a page in the list. */
  const fetchPage = async (url: string, { signal }: TaskContext): Promise<string> => {
    const { status, body, retryAfter } = await download(url, { port, signal });
    // A host that demands a pause gets no requests at all for that time, not only none for this page.
    if (retryAfter !== undefined) pool.limits.host.pause(hostOf(url), retryAfter);
    if (status !== 200 && status !== 404) throw new HttpError(url, status, retryAfter);
    const title = /<title>(.*?)<\/title>/.exec(body)?.[1] ?? '';
    return [url, status, body.length, title].join('\t');
  };
  const fetchSitemap = async (host: string, { signal }: TaskContext): Promise<string[]> => {
    const { body } = await download(`http://${host}/sitemap.txt`, { port, signal });
    return body.split('\n').map((path) => `http://${host}${path}`);
  };

  // A journal that holds something is that of a crawl that was killed. It says which pages there are,
  // which are done, what came of them, and which limits they have; functions are in no journal.
  const journal = await JsonlStore.open(folder);
  const terms = { functions: { fetchPage, fetchSitemap }, limits, keepResults: true };
  const isNew = journal.nextSeq === 0;
  const pool: TaskPool<typeof limits> = await recoverTaskPool(journal, {
    ...terms,
    groups: { [PAGES]: { retry: TRIES, limits: { host: hostOf } } },
    begin: () => new TaskPool({ ...terms, name: 'crawl', journal }),
  });
  if (pool.status === 'closed') {
    console.log(`the crawl of ${folder} is complete: remove it to start again`);
    await journal.close();
    return 0;
  }
  closeOnSignal(pool);
  using _ = autosize(pool, {
    min: 4,
    max: 100,
    interval: 250,
    policy: gradient({ tolerance: 1.5 }),
  });
  console.log(isNew ? 'a new crawl' : `continues: ${pool.totals.fulfilled} are done`);

  if (!pool.hasGroup(PAGES)) {
    const sitemaps = await pool.map(fetchSitemap, HOSTS, { timeout, retry: TRIES }).results();
    pool.map(fetchPage, sitemaps.flat(), {
      ...{ groupName: PAGES, numConcurrent: Number.POSITIVE_INFINITY },
      ...{ limits: { host: hostOf }, timeout, retry: TRIES },
    });
  }
  const group = pool.group(PAGES);
  using _progress = showProgress(pool, options.pages + HOSTS.length);
  const results = await group.settled();
  const lines = results.map((result) => ('value' in result ? result.value : result.reason));
  await writeFile(output, `${lines.join('\n')}\n`);
  await pool.gatherAndClose();
  await journal.close();

  const failed = results.filter(({ status }) => status === 'rejected').length;
  console.log(`${results.length} pages in ${output}, ${failed} of them could not be loaded`);
  return failed;
}

const options = readOptions(process.argv.slice(2));
if (options !== undefined) {
  const site = options.site === undefined ? new Site(options) : undefined;
  const port = options.site ?? (await site?.open()) ?? 0;
  process.exitCode = (await crawl(port, options)) === 0 ? 0 : 1;
  await site?.close();
}
