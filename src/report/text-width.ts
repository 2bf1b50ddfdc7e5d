/** Widths in em of DejaVu Sans, the widest of the usual system fonts: what fits by these fits in all of them. */
const EM: Record<string, number> = {};
for (const [width, letters] of [
  [0.32, " ijl.,:;'|!\u2009"],
  [0.4, "ftI()[]/-r·"],
  [0.55, "ckszvxyJ"],
  [0.64, "abdeghnopquLFEZTγδαε0123456789=_*"],
  [0.7, "ABCDGHKNPRSUVXYΔ"],
  [0.79, "OQw<>+−±"],
  [0.98, "mMW%→…"],
] as const) {
  for (const letter of letters) EM[letter] = width;
}

/** An upper estimate of the width of a text in pixels; needs no canvas, so it is the same in Node and in a browser. */
export function textWidth(text: string, fontSize: number): number {
  let em = 0;
  for (const letter of text) em += EM[letter] ?? (letter.charCodeAt(0) > 0x2e80 ? 1 : 0.75);
  return em * fontSize;
}

/** The text, or its beginning with an ellipsis, no wider than `width`. */
export function fitText(text: string, width: number, fontSize: number): string {
  if (textWidth(text, fontSize) <= width) return text;
  let kept = [...text];
  while (kept.length > 1 && textWidth(`${kept.join("")}…`, fontSize) > width) kept = kept.slice(0, -1);
  return `${kept.join("").trimEnd()}…`;
}
