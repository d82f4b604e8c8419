/** One title as a line of text. */
export function describe({ kind, title, year }) {
  return `${title} (${kind}, ${year})`;
}

/** Titles in the order in which people look for them: newest first, the same year by name. */
export function inOrder(titles) {
  return [...titles].sort((a, b) => b.year - a.year || a.title.localeCompare(b.title));
}
