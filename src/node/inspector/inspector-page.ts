/** The page of the inspector for servers of others: beside a program that runs in a browser. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { assetsOf } from '../dashboard/assets.ts';
import { answer, refuse } from '../dashboard/http.ts';

/** Answers requests: what `http.createServer` takes, and `use()` of Connect, Express and Vite. */
export type InspectorPage = (
  request: IncomingMessage,
  response: ServerResponse,
  next?: (error?: unknown) => void,
) => void;

/**
 * The page of the inspector, to be served at any path of a server. A program in the browser gives that path to
 * `createBrowserInspector({ url })`, which opens it and sends everything to it: nothing goes to a server.
 *
 * It answers what is a file of the page, and calls `next` for all else, if there is one.
 */
export function createInspectorPage(): InspectorPage {
  const assets = assetsOf('inspector');
  return (request, response, next) => {
    const [path = ''] = (request.url ?? '').split(/[?#]/, 1);
    const whole = (request as { readonly originalUrl?: string }).originalUrl ?? request.url ?? '';
    const [wholePath = ''] = whole.split(/[?#]/, 1);
    if (path === '/' && !wholePath.endsWith('/')) {
      // What the page loads is beside it.
      refuse(response, 308, 'the page ends with a slash', { Location: `${lastPart(wholePath)}/` });
    } else if (!assets.has(path) && next !== undefined) next();
    else void answer(request, response, { assets, isEmbeddable: true }).catch(next ?? (() => {}));
  };
}

/** Relative, so that no path of the request can lead elsewhere. */
function lastPart(path: string): string {
  return `./${path.slice(path.lastIndexOf('/') + 1)}`;
}
