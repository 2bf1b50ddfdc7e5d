import { plainData, yamlDocument } from "../study/plain-data.ts";

/**
 * The place and value of a setting, `place=value`; null for another place, and for a value that is no YAML: its reader will say so.
 * @param places anchored by this function
 */
export function readSetting(setting: string, places: RegExp): { place: string; said: unknown } | null {
  const [, place, value] = new RegExp(`^(${places.source})=(.*)$`, "s").exec(setting) ?? [];
  if (place === undefined) return null;
  try {
    const document = yamlDocument(value);
    return document.errors.length > 0 ? null : { place, said: plainData(document) };
  } catch {
    return null;
  }
}
