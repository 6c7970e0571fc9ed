// Making elements. Text is only ever set as text, never as HTML.

export function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children.filter((child) => child !== null));
  return made;
}

/** A QR code that the API drew, with a name for who cannot see it. */
export function drawing(svg, label) {
  const drawn = document.adoptNode(new DOMParser().parseFromString(svg, "image/svg+xml").documentElement);
  drawn.setAttribute("role", "img");
  drawn.setAttribute("aria-label", label);
  return drawn;
}
