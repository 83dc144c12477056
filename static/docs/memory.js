// What a browser remembers of a reader; some allow nothing to be kept, and then nothing is.

export function recall(key) {
  try { return localStorage.getItem(key); } catch { return null; }
}

export function remember(key, value) {
  try { localStorage.setItem(key, value); } catch { /* It holds until the page is left. */ }
}
