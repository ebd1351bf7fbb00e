/** The access token, which arrives in the link and is removed from the address bar immediately. */

const KEY = 'taskpool-token';

/** Takes the token from the fragment; a reloaded page still has it. */
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
