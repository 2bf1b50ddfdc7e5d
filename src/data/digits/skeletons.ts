/** A pen stroke: a smooth curve through its points, [x0, y0, x1, y1, …] in a box of 100 x 100, y downwards. */
export interface Stroke {
  points: readonly number[];
  /** Whether the curve turns sharply at each point instead of passing smoothly. */
  corners: readonly boolean[];
}

/** One way of writing a digit. */
export type Skeleton = readonly Stroke[];

/** Reads `"34,22 54,5! 54,95 | 30,94 70,94"`: points of a stroke, `!` after a sharp corner, `|` where the pen is lifted. */
function skeleton(text: string): Skeleton {
  return text.split("|").map((stroke) => {
    const points = stroke.trim().split(/\s+/);
    return {
      points: points.flatMap((point) => point.replace("!", "").split(",").map(Number)),
      corners: points.map((point) => point.endsWith("!")),
    };
  });
}

/** How each digit, 0 to 9, may be written. */
export const skeletons: readonly (readonly Skeleton[])[] = [
  [
    "52,6 32,16 22,50 31,84 52,95 71,83 79,50 69,16 50,5", // an oval, closed
    "60,9 40,8 24,32 24,70 42,94 66,86 78,54 72,20 54,7 42,14", // the end laps over the start
    "44,12 26,30 24,68 44,94 68,86 78,56 72,24 52,8 36,18", // begun at the left
  ],
  [
    "50,5 50,50 50,95", // a bar
    "32,24 53,5! 52,50 52,95", // with a flag
    "34,22 51,6! 51,50 51,94 | 32,94 52,94 72,94", // with flag and foot
  ],
  [
    "24,28 31,11 52,5 71,16 71,36 51,62 24,92! 52,93 79,92", // a sharp foot
    "24,25 36,8 58,7 73,24 65,48 42,76 25,91 22,82 36,76 58,89 80,86", // a looped foot
    "22,16 46,5 69,18 68,40 46,68 22,91! 48,87 78,94", // a waved foot
  ],
  [
    "24,18 44,5 67,13 68,34 46,47! 71,57 75,80 50,95 22,84", // two bows
    "23,8 48,8 74,8! 47,42! 70,50 76,72 62,92 40,95 22,84", // a flat top
    "26,16 50,5 70,20 60,40 43,47 62,53 75,72 58,93 24,86", // bows joined softly
  ],
  [
    "32,6 28,30 22,58! 50,58 82,57 | 66,24 64,60 62,95", // open, with angles
    "63,95 64,50 65,6! 42,36 19,65! 50,65 83,64", // closed, in one stroke
    "27,8 24,36 38,52 67,47 | 70,7 68,50 64,95", // open, with a bowl
  ],
  [
    "36,8 31,44! 53,38 74,53 73,80 50,95 23,86 | 36,8 56,8 77,7", // the roof written last
    "76,7 55,8 34,9! 30,46! 54,41 74,60 66,87 44,95 22,86", // in one stroke
    "74,10 46,8 31,25 44,44 68,57 72,79 52,95 24,87", // like an S
  ],
  [
    "66,6 42,26 27,58 32,85 52,95 71,82 69,61 50,52 30,68", // a bowed stem
    "58,5 38,34 26,66 36,91 58,94 74,76 66,58 46,57 29,74", // a straight stem
    "72,15 56,6 36,22 25,56 31,86 52,95 72,79 64,57 42,56 27,68", // a hooked stem
  ],
  [
    "21,10 50,10 79,9! 60,46 46,95", // plain
    "21,11 50,10 79,9! 60,46 48,95 | 36,53 54,52 72,50", // crossed
    "22,25 24,9! 50,9 79,8! 54,48 42,95", // with a hook
  ],
  [
    "50,47 31,34 32,13 51,5 69,14 68,34 50,47 29,62 28,84 50,95 73,84 71,62 50,47", // from the waist
    "71,17 52,5 33,15 37,36 62,55 73,76 52,95 28,79 38,57 62,38 71,19", // like an S, closed
    "51,5 32,13 33,36 51,46 68,36 69,13 50,5 | 50,47 28,58 27,83 50,95 74,83 72,58 50,47", // two rings
  ],
  [
    "70,21 50,6 30,15 28,38 46,50 65,40 71,20! 69,58 66,95", // a straight stem
    "70,26 56,6 34,11 27,34 44,50 66,40 72,20! 72,66 58,91 34,90", // a hooked stem
    "71,14 46,6 27,24 33,46 56,44 71,16! 61,56 50,95", // a leaning stem
  ],
].map((variants) => variants.map(skeleton));
