/** Edit distance (Levenshtein) between two words, letters compared without case. */
function distance(a: string, b: string): number {
  const s = a.toLowerCase();
  const t = b.toLowerCase();
  let previous = Array.from({ length: t.length + 1 }, (_, j) => j);
  for (let i = 1; i <= s.length; i++) {
    const row = [i];
    for (let j = 1; j <= t.length; j++) {
      row[j] = Math.min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (s[i - 1] === t[j - 1] ? 0 : 1));
    }
    previous = row;
  }
  return previous[t.length];
}

/** What is longer is no mistyped name, and would take long to compare. */
const LONGEST = 100;

/** The valid name that a mistyped one most likely meant, or undefined when none is close. */
export function nearest(name: string, valid: Iterable<string>): string | undefined {
  if (name.length > LONGEST) return undefined;
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(name.length / 2)) + 1;
  for (const candidate of valid) {
    const d = candidate.toLowerCase().startsWith(name.toLowerCase()) && name.length > 1 ? 1 : distance(name, candidate);
    if (d < bestDistance) [best, bestDistance] = [candidate, d];
  }
  return best;
}

/** A hint for an error message: the nearest valid name, or the list of all of them. */
export function suggest(name: string, valid: Iterable<string>): string {
  const names = [...valid];
  const near = nearest(name, names);
  return near ? `did you mean "${near}"?` : `valid: ${names.join(", ")}`;
}
