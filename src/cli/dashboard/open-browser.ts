/** Opens a link in the user's default browser. */

import { spawn } from 'node:child_process';

const COMMANDS: Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};

/**
 * Does not wait for the browser.
 *
 * @param warn notified if there is none: the link was printed as well.
 */
export function openBrowser(url: string, warn: (message: string) => void): void {
  const [command, ...args] = COMMANDS[process.platform] ?? ['xdg-open'];
  const failed = (reason: string) => warn(`cannot open the browser, open the link: ${reason}`);
  const browser = spawn(command, [...args, url], { stdio: 'ignore', detached: true });
  browser.on('error', ({ message }) => failed(message));
  browser.on('exit', (code) => {
    if (code !== null && code > 0) failed(`${command} ended with exit code ${code}`);
  });
  browser.unref();
}
