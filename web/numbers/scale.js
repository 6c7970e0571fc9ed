// The classes of the map, and the places of names beside lines.

const CLASSES = 6;

/**
 * The bounds between classes, rising: round numbers between which about as many values lie.
 *
 * One significant digit where that keeps all bounds apart, else two. Values of 0 and those that
 * are not published have no say.
 */
export function bounds(values) {
  const known = values.filter((value) => value > 0).sort((one, other) => one - other);
  if (known.length === 0) return [];
  const cuts = Array.from({ length: CLASSES - 1 }, (_, index) => known[Math.floor(((index + 1) * known.length) / CLASSES)]);
  const [coarse, fine] = [1, 2].map((digits) => [...new Set(cuts.map((cut) => roundedDown(cut, digits)))]);
  return coarse.length === cuts.length ? coarse : fine;
}

function roundedDown(value, digits) {
  const exponent = Math.floor(Math.log10(value)) - digits + 1;
  // By way of text: 3 * 10 ** -1 is not 0.3.
  return Number(`${Math.floor(Number(`${value}e${-exponent}`))}e${exponent}`);
}

/** The colour of a class, from 0 to 5: the classes that there are, spread over all colours. */
export function colourOf(number, limits) {
  return limits.length === 0 ? 0 : Math.round((number * (CLASSES - 1)) / limits.length);
}

/** The number of a value's class, from 0 for those below the first bound. */
export function classOf(value, limits) {
  return limits.filter((limit) => value >= limit).length;
}

/** Positions moved apart so that none is nearer than `gap` to the next, in the order given. */
export function apart(positions, gap) {
  const order = positions.map((_, index) => index).sort((one, other) => positions[one] - positions[other]);
  const moved = [...positions];
  for (let round = 0; round < positions.length; round += 1) {
    for (let place = 1; place < order.length; place += 1) {
      const [low, high] = [order[place - 1], order[place]];
      const lacking = gap - (moved[high] - moved[low]);
      if (lacking <= 0) continue;
      moved[low] -= lacking / 2;
      moved[high] += lacking / 2;
    }
  }
  return moved;
}
