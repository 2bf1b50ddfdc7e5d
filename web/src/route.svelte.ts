/**
 * Where the reader is: `#/page?query`. The address after the hash never reaches a server, so that any static host serves every page, and
 * what a reader works on stays in the browser.
 */
export interface Route {
  page: string;
  /** The text after the question mark, as it stands in the address. */
  query: string;
}

export function parseHash(hash: string): Route {
  const [, page = "", query = ""] = /^#?\/?([^?]*)\??(.*)$/s.exec(hash) ?? [];
  return { page, query };
}

export const hashOf = ({ page, query }: Route): string => `#/${page}${query ? `?${query}` : ""}`;

let current = $state<Route>(parseHash(location.hash));
addEventListener("hashchange", () => {
  current = parseHash(location.hash);
});

export const route = (): Route => current;

/**
 * Writes the state of a page into the address, without a new entry of the history. To be called where something happens, not in an
 * effect: there Svelte makes the blocks anew that depend on the route, and with them the whole page.
 */
export function replaceQuery(query: string): void {
  if (query === current.query) return;
  const next = { ...current, query };
  history.replaceState(history.state, "", hashOf(next));
  current = next;
}
