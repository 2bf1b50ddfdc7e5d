/** What a reader chooses for all pages: language, light or dark. Kept in this browser. */
import { type Language, type Messages, messages } from "./messages/index.ts";

export const themes = ["auto", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

/** A browser may refuse to keep anything; the choice then lasts as long as the page. */
function kept<T extends string>(name: string, values: readonly T[]): T | undefined {
  try {
    return values.find((value) => value === localStorage.getItem(name));
  } catch {
    return undefined;
  }
}

function keep(name: string, value: string): void {
  try {
    localStorage.setItem(name, value);
  } catch {
    // see `kept`
  }
}

const languages = Object.keys(messages) as Language[];
const preferred = (): Language =>
  navigator.languages.flatMap((tag) => languages.find((own) => tag.toLowerCase().startsWith(own)) ?? [])[0] ?? "en";

const settings = $state({
  language: kept("language", languages) ?? preferred(),
  theme: kept("theme", themes) ?? ("auto" as Theme),
});

export const language = (): Language => settings.language;
export const theme = (): Theme => settings.theme;

export function setLanguage(value: Language): void {
  settings.language = value;
  keep("language", value);
  document.documentElement.lang = value;
}

export function setTheme(value: Theme): void {
  settings.theme = value;
  keep("theme", value);
  document.documentElement.dataset.theme = value;
}

/** The messages in the reader's language. */
export const t = (): Messages => messages[settings.language];

document.documentElement.lang = settings.language;
document.documentElement.dataset.theme = settings.theme;
