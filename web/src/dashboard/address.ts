/** What a page of the dashboard shows, in its address. */
import { hashOf, replaceQuery, route } from "../route.svelte.ts";

export const said = (): URLSearchParams => new URLSearchParams(route().query);

/** Changes parts of the address; what is null goes. */
export function say(changes: Record<string, string | null>): void {
  const next = said();
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === "") next.delete(name);
    else next.set(name, value);
  }
  replaceQuery(readable(next));
}

/** Commas and colons need no escape after the hash. */
const readable = (query: URLSearchParams): string => query.toString().replaceAll("%2C", ",").replaceAll("%3A", ":");

export const link = (page: string, query: Record<string, string> = {}): string =>
  hashOf({ page, query: readable(new URLSearchParams(query)) });
