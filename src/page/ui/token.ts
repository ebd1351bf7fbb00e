/** The token, which comes with the link and leaves the address bar at once. */

const KEY = 'taskpool-token';

/** Takes the token out of the address; a page that is loaded again still has it. */
export function takeToken(): string | undefined {
  const parts = new URLSearchParams(location.hash.slice(1));
  const token = parts.get('token');
  if (token !== null) {
    sessionStorage.setItem(KEY, token);
    parts.delete('token');
    const rest = parts.toString();
    history.replaceState(null, '', `${location.pathname}${location.search}${rest && `#${rest}`}`);
  }
  return token ?? sessionStorage.getItem(KEY) ?? undefined;
}
