import { jsonNumber } from "../util/format.ts";
import type { Numeric } from "./api.ts";

/** A number as JSON can have it; null where there is none. */
export const numeric = (value: number | null | undefined): Numeric =>
  value === undefined || value === null ? null : (jsonNumber(value) as Numeric);

/** The same for all numbers within a value. */
export const finite = <T>(value: T): T =>
  JSON.parse(JSON.stringify(value, (_, v) => (typeof v === "number" && !Number.isFinite(v) ? String(v) : v)));
