export interface Pen {
  /** Half the width of the line in pixels, at the stroke's start and end. */
  radius: readonly [number, number];
  /** Darkness, 0 … 1, at the stroke's start and end. */
  ink: readonly [number, number];
  /** Width of the soft edge in pixels. */
  softness: number;
  /** Part of the stroke, from and to as fractions of its points, where the pen left no ink. */
  gap?: readonly [number, number];
}

/** Straight pieces to a curve between two points. */
const PIECES = 5;

/**
 * Draws a smooth curve through the points [x0, y0, x1, y1, …] (a Catmull-Rom spline, broken at corners). Where strokes meet or
 * cross the darker ink stays.
 */
export function drawStroke(
  paper: Float64Array,
  side: number,
  points: readonly number[],
  corners: readonly boolean[],
  pen: Pen,
): void {
  const last = points.length / 2 - 1;
  for (let k = 0; k < last; k++) {
    const before = k === 0 || corners[k] ? k : k - 1;
    const after = k + 1 === last || corners[k + 1] ? k + 1 : k + 2;
    let x = points[2 * k];
    let y = points[2 * k + 1];
    for (let piece = 1; piece <= PIECES; piece++) {
      const t = piece / PIECES;
      const nextX = spline(points[2 * before], points[2 * k], points[2 * k + 2], points[2 * after], t);
      const nextY = spline(points[2 * before + 1], points[2 * k + 1], points[2 * k + 3], points[2 * after + 1], t);
      const along = (k + t) / last;
      if (!pen.gap || along < pen.gap[0] || along > pen.gap[1]) {
        const radius = pen.radius[0] + (pen.radius[1] - pen.radius[0]) * along;
        const ink = pen.ink[0] + (pen.ink[1] - pen.ink[0]) * along;
        drawLine(paper, side, x, y, nextX, nextY, radius, ink, pen.softness);
      }
      x = nextX;
      y = nextY;
    }
  }
}

/** Catmull-Rom: from b to c as t goes from 0 to 1, with tangents (c - a)/2 and (d - b)/2. */
const spline = (a: number, b: number, c: number, d: number, t: number): number =>
  b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));

/** A straight line with round ends: the ink of a pixel falls with the distance of its centre from the line. */
function drawLine(
  paper: Float64Array,
  side: number,
  x0: number,
  y0: number,
  x1: number,
  y1: number,
  radius: number,
  ink: number,
  softness: number,
): void {
  const reach = radius + softness / 2;
  const beyond = reach * reach * (1 + 1e-9); // surely out of reach, whatever a root is rounded to
  const left = Math.max(0, Math.ceil(Math.min(x0, x1) - reach - 0.5));
  const right = Math.min(side - 1, Math.floor(Math.max(x0, x1) + reach - 0.5));
  const top = Math.max(0, Math.ceil(Math.min(y0, y1) - reach - 0.5));
  const bottom = Math.min(side - 1, Math.floor(Math.max(y0, y1) + reach - 0.5));
  const dx = x1 - x0;
  const dy = y1 - y0;
  const squared = dx * dx + dy * dy;
  const perLength = squared > 0 ? 1 / squared : 0;
  for (let row = top; row <= bottom; row++) {
    const py = row + 0.5 - y0;
    for (let column = left; column <= right; column++) {
      const px = column + 0.5 - x0;
      const t = Math.max(0, Math.min(1, (px * dx + py * dy) * perLength));
      const ex = px - t * dx;
      const ey = py - t * dy;
      const distanceSquared = ex * ex + ey * ey;
      if (distanceSquared > beyond) continue;
      const distance = Math.sqrt(distanceSquared);
      if (distance >= reach) continue;
      const amount = ink * Math.min(1, (reach - distance) / softness);
      if (amount > paper[row * side + column]) paper[row * side + column] = amount;
    }
  }
}
