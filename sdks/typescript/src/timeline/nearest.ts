/** The name that is most like `value`; null when none is at all. */
export function nearest(value: unknown, names: readonly string[]): string | null {
  if (typeof value !== "string" || value.length > 100) return null;
  let best: string | null = null;
  let fewest = Math.max(1, Math.floor(value.length * 0.4)) + 1;
  for (const name of names) {
    const edits = distance(value.toLowerCase(), name);
    if (edits < fewest) [best, fewest] = [name, edits];
  }
  return best;
}

/** How many letters must be put in, taken out or changed (Levenshtein). */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const change = row[j - 1]! + Number(from[i - 1] !== to[j - 1]);
      next.push(Math.min(change, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[to.length]!;
}
