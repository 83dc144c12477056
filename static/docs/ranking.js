// Which sections answer a query, the best first. Names such as film_grain or quota_exceeded count most.

const LIMIT = 12;

/** Lower case, without accents; what parts words parts names, too: film_grain, film-grain and film grain are one. */
export function words(text) {
  return text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").split(/[^\p{L}\p{N}]+/u).filter(Boolean);
}

/** Rows of the index, prepared once. */
export function prepared(rows) {
  return rows.map(([address, page, heading, chapter, names, text, defined]) => ({
    address, page, heading, chapter, names: names.split(" ").filter(Boolean), text,
    inHeading: words(heading), inPage: words(page), inText: new Set(words(text)),
    inNames: names.split(" ").map((name) => words(name).join("_")),
    defined: defined.split(" ").filter(Boolean).map((name) => words(name).join("_")),
  }));
}

/** The best rows for a query. Every word of it has to be found; the last may be unfinished. */
export function ranked(rows, query) {
  const wanted = words(query);
  if (!wanted.length) return [];
  const whole = wanted.join("_");
  return rows
    .map((row, order) => ({ row, order, score: score(row, wanted, whole) }))
    .filter((found) => found.score > 0)
    .sort((one, other) => other.score - one.score || one.order - other.order)
    .slice(0, LIMIT)
    .map((found) => found.row);
}

function score(row, wanted, whole) {
  const named = nameScore(row, whole) * (row.chapter === "Reference" ? 1.5 : 1);
  let sum = named;
  for (const word of wanted) {
    const found = wordScore(row, word);
    if (!found && !named) return 0;
    sum += found;
  }
  return sum;
}

function nameScore(row, whole) {
  const title = row.heading ? row.inHeading.join("_") : row.inPage.join("_");
  if (title === whole) return 200;
  if (row.defined.includes(whole)) return 120;
  if (row.inNames.includes(whole)) return row.names.length < 12 ? 90 : 60;
  if (whole.length > 2 && title.startsWith(whole)) return 50;
  return whole.length > 2 && row.inNames.some((name) => name.startsWith(whole)) ? 25 : 0;
}

function wordScore(row, word) {
  const starts = (one) => one.startsWith(word);
  if (row.inHeading.includes(word)) return 30;
  if (row.inPage.includes(word)) return row.heading ? 12 : 28;
  if (row.inHeading.some(starts)) return 16;
  if (row.inPage.some(starts)) return row.heading ? 6 : 14;
  if (row.inText.has(word)) return 5;
  return word.length > 2 && [...row.inText, ...row.inNames].some(starts) ? 2 : 0;
}
