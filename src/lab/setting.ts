import { parse } from "yaml";

/**
 * The place and value of a setting, `place=value`; null for another place, and for a value that is no YAML: its reader will say so.
 * @param places anchored by this function
 */
export function readSetting(setting: string, places: RegExp): { place: string; said: unknown } | null {
  const [, place, value] = new RegExp(`^(${places.source})=(.*)$`, "s").exec(setting) ?? [];
  if (place === undefined) return null;
  try {
    return { place, said: parse(value) };
  } catch {
    return null;
  }
}
