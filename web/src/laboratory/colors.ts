import { SERIES_COLORS } from "../../../src/report/palette.ts";

/** Classes have the colours from the palette's end, losses those from its beginning. */
export const classColors: readonly string[] = [5, 4, 6, 8, 1, 7, 2, 3, 0, 9].map((i) => SERIES_COLORS[i]);
