/** A response that is not a page. */
export class HttpError extends Error {
  override name = 'HttpError';
  readonly status: number;
  /** Milliseconds that the pool waits before it retries; if undefined, its retry policy decides. */
  readonly retryAfter: number | undefined;

  constructor(url: string, status: number, retryAfter: number | undefined) {
    super(`${url}: status ${status}`);
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

/** Whether a retry may succeed; true for timeouts and broken connections as well. */
export function isTemporary(error: unknown): boolean {
  if (!(error instanceof HttpError)) return true;
  return error.status === 429 || error.status >= 500;
}
