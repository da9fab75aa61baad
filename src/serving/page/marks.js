/** What of a text is marked. The service counts code points and strings here count UTF-16 units, so texts are arrays of code points. */

/** A stretch of several invisible characters is shown as one mark: a payload of tags has hundreds. */
const SHOWN_ALONE = 2;

export const codePoints = (text) => Array.from(text);

export function countCodePoints(text) {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** Whether a character that the service listed has no shape of its own; look-alike letters have. */
export const isInvisible = (character) => /^[\p{C}\p{Z}\p{M}\p{Default_Ignorable_Code_Point}\u2800\u3164]$/u.test(character);

/**
 * The pieces of points[start, end), in order: {kind: "plain", text}, {kind: "lookalike", text, characters} and
 * {kind: "invisible", characters}. `hidden`: the service's list, ascending, by offsets in `points`.
 */
export function piecesOf(points, start, end, hidden) {
  const pieces = [];
  let behind = start;
  for (const character of hidden) {
    if (character.offset < start || character.offset >= end) continue;
    if (character.offset > behind) pieces.push({ kind: "plain", text: points.slice(behind, character.offset).join("") });
    const point = points[character.offset];
    const last = pieces.at(-1);
    if (isInvisible(point)) {
      if (last?.kind === "invisible" && character.offset === behind) last.characters.push(character);
      else pieces.push({ kind: "invisible", characters: [character] });
    } else {
      pieces.push({ kind: "lookalike", text: point, characters: [character] });
    }
    behind = character.offset + 1;
  }
  if (behind < end) pieces.push({ kind: "plain", text: points.slice(behind, end).join("") });
  return pieces;
}

/** What stands in place of invisible characters. */
export function nameOfInvisible(characters) {
  if (characters.length <= SHOWN_ALONE) return characters.map((each) => each.code_point).join(" ");
  const names = new Set(characters.map((each) => each.code_point));
  return names.size === 1 ? `${characters[0].code_point} \u00d7 ${characters.length}` : `${characters.length} invisible characters`;
}

/** The list of hidden characters by code point: {code_point, name, count, first, sample}. */
export function countByCodePoint(hidden, points) {
  const rows = new Map();
  for (const each of hidden) {
    const row = rows.get(each.code_point) ?? {
      ...each,
      count: 0,
      first: each.offset,
      sample: isInvisible(points[each.offset]) ? "" : points[each.offset],
    };
    row.count += 1;
    rows.set(each.code_point, row);
  }
  return [...rows.values()].sort((a, b) => b.count - a.count);
}

/**
 * Ranges that cover points[start, end): each a sentence or what lies between two, with the sentence or null. Sentences ascend and
 * do not overlap.
 */
export function rangesOf(start, end, sentences) {
  const ranges = [];
  let behind = start;
  for (const sentence of sentences) {
    const [from, to] = [Math.max(sentence.start, start), Math.min(sentence.end, end)];
    if (from >= to) continue;
    if (from > behind) ranges.push({ start: behind, end: from, sentence: null });
    ranges.push({ start: from, end: to, sentence });
    behind = to;
  }
  if (behind < end) ranges.push({ start: behind, end, sentence: null });
  return ranges;
}
