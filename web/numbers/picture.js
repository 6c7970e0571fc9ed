// A picture that fits its place: drawn again whenever the place changes its width.

/**
 * Draw into a place, at its width and at each width that it takes later.
 *
 * `draw(width)` gives an SVG. Screen readers are told `label` and spared the marks: the table
 * that follows holds the numbers. Returns a function that draws again.
 */
export function picture(place, label, draw) {
  let width = 0;
  const again = () => {
    if (width === 0) return;
    const drawn = draw(width);
    // Plot names its groups of marks, which a picture does not have for who cannot see it.
    for (const marks of drawn.querySelectorAll("[aria-label]")) marks.removeAttribute("aria-label");
    drawn.setAttribute("role", "img");
    drawn.setAttribute("aria-label", label);
    place.replaceChildren(drawn);
  };
  watched.get(place)?.disconnect();
  const watch = new ResizeObserver(([{ contentRect }]) => {
    const current = Math.floor(contentRect.width);
    if (current === width) return;
    width = current;
    again();
  });
  watched.set(place, watch);
  watch.observe(place);
  return again;
}

/** Words in the place of a picture that has nothing to show. */
export function noPicture(place, words) {
  watched.get(place)?.disconnect();
  watched.delete(place);
  const said = document.createElement("p");
  said.className = "nothing";
  said.textContent = words;
  place.replaceChildren(said);
}

const watched = new WeakMap();
