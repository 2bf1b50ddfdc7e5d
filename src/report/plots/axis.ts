/** An axis that fits the data: computed here rather than by Vega, because labels are placed by it too. */
export interface Axis {
  domain: [number, number];
  ticks: number[];
  log: boolean;
}

const trimmed = (value: number): number => Number(value.toPrecision(12));

/** Round limits around the values with about `wanted` ticks at 1, 2 or 5 times a power of ten. */
export function linearAxis(low: number, high: number, wanted = 5): Axis {
  if (!Number.isFinite(low) || !Number.isFinite(high)) [low, high] = [0, 1];
  const size = Math.max(Math.abs(low), Math.abs(high), 1e-9);
  const more = size > 1e-9 ? 0.05 * size : 0.05; // of nothing but zeros: round ticks
  if (!(high - low > 1e-9 * size)) [low, high] = [low - more, high + more];
  const rough = (high - low) / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((m) => m * power >= rough * 0.999) ?? 10);
  const first = Math.floor(low / step + 1e-9);
  const last = Math.ceil(high / step - 1e-9);
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => trimmed((first + i) * step));
  return { domain: [ticks[0], ticks[ticks.length - 1]], ticks, log: false };
}

/** Limits at 1, 2 or 5 times a power of ten around positive values; ticks at 1 only when there are many powers. */
export function logAxis(low: number, high: number): Axis {
  if (!(low > 0 && Number.isFinite(high))) [low, high] = [0.1, 1];
  const all: number[] = [];
  for (let e = Math.floor(Math.log10(low)); e <= Math.ceil(Math.log10(high)); e++) {
    for (const m of [1, 2, 5]) all.push(trimmed(m * 10 ** e));
  }
  const from = all.findLast((t) => t <= low * 1.000001) ?? all[0];
  const to = all.find((t) => t >= high * 0.999999 && t > from) ?? all[all.length - 1];
  const inside = all.filter((t) => t >= from && t <= to);
  const ticks = inside.length > 9 ? inside.filter((t) => Number.isInteger(trimmed(Math.log10(t)))) : inside;
  return { domain: [from, to], ticks, log: true };
}

/** Whole epochs: 1, 5, 10, … or 1, 20, 40, … */
export function epochAxis(epochs: number, wanted = 6): Axis {
  if (epochs <= 1) return { domain: [0.5, 1.5], ticks: [1], log: false };
  const rough = epochs / wanted;
  const power = 10 ** Math.floor(Math.log10(Math.max(1, rough)));
  const step = Math.max(1, power * ([1, 2, 5, 10].find((m) => m * power >= rough) ?? 10));
  const ticks = [1];
  for (let e = step === 1 ? 2 : step; e <= epochs; e += step) ticks.push(e);
  return { domain: [1, epochs], ticks, log: false };
}

/** Where a value lies on an axis of this many pixels, from its low end. */
export function position({ domain: [low, high], log }: Axis, value: number, pixels: number): number {
  const t = log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
  return t * pixels;
}

/** Moves positions apart, as little as possible, until neighbours are `gap` apart and all lie between `from` and `to`. */
export function spread(positions: readonly number[], gap: number, from: number, to: number): number[] {
  // Neighbours that would touch are merged into blocks that are centred on the mean of what their members want.
  let blocks: { members: number[]; centre: number }[] = [...positions.keys()]
    .sort((a, b) => positions[a] - positions[b])
    .map((i) => ({ members: [i], centre: positions[i] }));
  const half = (b: { members: number[] }) => ((b.members.length - 1) * gap) / 2;
  const place = (b: { members: number[]; centre: number }) => {
    const wanted = b.members.reduce((sum, i) => sum + positions[i], 0) / b.members.length;
    b.centre = Math.max(from + half(b), Math.min(to - half(b), wanted));
    return b;
  };
  blocks = blocks.map(place);
  for (let i = 0; i + 1 < blocks.length; ) {
    const [a, b] = [blocks[i], blocks[i + 1]];
    if (b.centre - half(b) - (a.centre + half(a)) >= gap - 1e-9) i++;
    else {
      blocks.splice(i, 2, place({ members: [...a.members, ...b.members], centre: 0 }));
      i = Math.max(0, i - 1);
    }
  }
  const result: number[] = [];
  for (const b of blocks) for (const [k, i] of b.members.entries()) result[i] = b.centre - half(b) + k * gap;
  return result;
}
