/** A command that could not be started, or did not end well. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  /** The exit code, the signal that ended it, or why it could not be started. */
  readonly code: number | string;

  constructor(message: string, code: number | string) {
    super(message);
    this.code = code;
  }
}
