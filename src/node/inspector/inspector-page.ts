/** The page of the inspector for your own server, next to a program that runs in a browser. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { assetsOf } from '../dashboard/assets.ts';
import { answer, refuse } from '../dashboard/http.ts';

/** A request handler for `http.createServer`, and for `use()` of Connect, Express and Vite. */
export type InspectorPage = (
  request: IncomingMessage,
  response: ServerResponse,
  next?: (error?: unknown) => void,
) => void;

/**
 * The page of the inspector, to be served at any path of a server. A program in the browser passes that path to
 * `createBrowserInspector({ url })`, which opens the page and sends everything to it: nothing is sent to a server.
 *
 * The handler answers requests for files of the page, and calls `next`, if given, for all others.
 */
export function createInspectorPage(): InspectorPage {
  const assets = assetsOf('inspector');
  return (request, response, next) => {
    const [path = ''] = (request.url ?? '').split(/[?#]/, 1);
    const whole = (request as { readonly originalUrl?: string }).originalUrl ?? request.url ?? '';
    const [wholePath = ''] = whole.split(/[?#]/, 1);
    if (path === '/' && !wholePath.endsWith('/')) {
      // Redirects, since the page loads its files relative to its path.
      refuse(response, 308, 'the page ends with a slash', { Location: `${lastPart(wholePath)}/` });
    } else if (!assets.has(path) && next !== undefined) next();
    else void answer(request, response, { assets, isEmbeddable: true }).catch(next ?? (() => {}));
  };
}

/** Relative, so that no requested path can redirect elsewhere. */
function lastPart(path: string): string {
  return `./${path.slice(path.lastIndexOf('/') + 1)}`;
}
