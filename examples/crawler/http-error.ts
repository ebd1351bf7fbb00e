/** An answer that is no page. */
export class HttpError extends Error {
  override name = 'HttpError';
  readonly status: number;
  /** A pool waits for this many milliseconds before it tries again; undefined leaves that to its policy. */
  readonly retryAfter: number | undefined;

  constructor(url: string, status: number, retryAfter: number | undefined) {
    super(`${url}: status ${status}`);
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

/** Whether it may go well another time: timeouts and broken connections, too. */
export function isTemporary(error: unknown): boolean {
  if (!(error instanceof HttpError)) return true;
  return error.status === 429 || error.status >= 500;
}
