// How well what was typed fits a text: letters in order, best at the start of words and in a row.

export interface Match {
  score: number;
  at: number[];
}

const BOUNDARY = /[^a-z0-9]/i;
const START = 8;
const IN_A_ROW = 8;
const GAP = 0.3;

const begins = (text: string, index: number): boolean =>
  index === 0 ||
  BOUNDARY.test(text[index - 1]!) ||
  (/[A-Z]/.test(text[index]!) && /[a-z]/.test(text[index - 1]!));

/** Null where a letter is missing. Spaces in `typed` separate parts that may come in any order. */
export function fits(typed: string, text: string): Match | null {
  const parts = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const at = new Set<number>();
  let score = 0;
  for (const part of parts) {
    const found = best(part, text);
    if (!found) return null;
    score += found.score;
    found.at.forEach((index) => at.add(index));
  }
  // Of two that fit alike the shorter one is meant.
  return { score: score - text.length / 100, at: [...at].sort((a, b) => a - b) };
}

function best(part: string, text: string): Match | null {
  const lower = text.toLowerCase();
  let found: Match | null = null;
  for (let start = lower.indexOf(part[0]!); start >= 0; start = lower.indexOf(part[0]!, start + 1)) {
    const match = from(start, part, lower, text);
    if (match && (!found || match.score > found.score)) found = match;
  }
  return found;
}

function from(start: number, part: string, lower: string, text: string): Match | null {
  const at = [start];
  let score = begins(text, start) ? START : 0;
  for (const letter of part.slice(1)) {
    const last = at[at.length - 1]!;
    const next = lower.indexOf(letter, last + 1);
    if (next < 0) return null;
    score +=
      next === last + 1 ? IN_A_ROW : (begins(text, next) ? START / 2 : 0) - Math.min(10, next - last) * GAP;
    at.push(next);
  }
  return { score, at };
}
