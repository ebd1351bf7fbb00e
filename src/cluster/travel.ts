/** Placeholder until src/remote lands. */

export function packError(error: unknown): unknown {
  if (!(error instanceof Error)) return { value: error };
  return {
    name: error.name,
    message: error.message,
    stack: error.stack,
    ...(error as unknown as object),
    ...(error.cause === undefined ? {} : { cause: packError(error.cause) }),
  };
}

export function unpackError(packed: unknown): unknown {
  const { value, name, message, stack, cause, ...fields } = packed as Record<string, unknown>;
  if (name === undefined) return value;
  const error = new Error(String(message));
  return Object.assign(
    error,
    fields,
    { name, stack },
    cause === undefined ? {} : { cause: unpackError(cause) },
  );
}

export function checkArguments(_name: string, _args: readonly unknown[]): void {}

export function checkResult(name: string, value: unknown, limit: number): void {
  const size = JSON.stringify(value)?.length ?? 0;
  if (size <= limit) return;
  throw new RangeError(
    `expected the result of ${name} to be at most ${limit} characters of JSON, got ${size}`,
  );
}

export function isAbort(error: unknown): boolean {
  return (error as { name?: unknown } | null)?.name === 'AbortError';
}
