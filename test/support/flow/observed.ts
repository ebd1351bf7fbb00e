/** The state of a promise so far, as text. */

export interface Observed {
  status: 'pending' | 'fulfilled' | 'rejected';
  text: string;
}

export function observe(promise: Promise<unknown>): Observed {
  const observed: Observed = { status: 'pending', text: '' };
  promise.then(
    (value) => {
      observed.status = 'fulfilled';
      observed.text = String(value);
    },
    (error: unknown) => {
      observed.status = 'rejected';
      observed.text = textOf(error);
    },
  );
  return observed;
}

/** Errors by their codes, if they have any. */
function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code } = error as { readonly code?: unknown };
  return typeof code === 'string' ? code : error.message;
}
