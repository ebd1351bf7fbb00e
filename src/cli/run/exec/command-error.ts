/** A command could not be started, or failed. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  /** The exit code, the signal that ended it, or the error code of starting it. */
  readonly code: number | string;

  constructor(message: string, code: number | string) {
    super(message);
    this.code = code;
  }
}
