// Reading the path of an SVG made of `m` and `z` only, as the package of outlines writes it.

const TOKEN = /[a-z]|-?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?/gi;

/**
 * The rings of a path, each a list of points [x, y].
 *
 * Throws where the path has a command other than `m` and `z`.
 */
export function rings(path) {
  const found = [];
  let [x, y] = [0, 0];
  let ring = null;
  const tokens = path.match(TOKEN) ?? [];
  for (let index = 0; index < tokens.length; ) {
    const token = tokens[index];
    if (token === "z") {
      [x, y] = ring[0];
      index += 1;
      continue;
    }
    if (token === "m") {
      ring = [];
      found.push(ring);
      index += 1;
    } else if (/[a-z]/i.test(token)) {
      throw new Error(`the path has the command ${token}, which is not read here`);
    }
    x += Number(tokens[index]);
    y += Number(tokens[index + 1]);
    ring.push([x, y]);
    index += 2;
  }
  return found;
}
