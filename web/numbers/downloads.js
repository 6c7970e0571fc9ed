// The files of this publication, and those of the ones before.

import { element } from "../results/element.js";
import { size } from "./format.js";

/** Lists of links to the published files: of one publication, and of the earlier ones, closed. */
export function downloads({ publication, earlier, words, format }) {
  if (earlier.length === 0) return [files(publication, words, format)];
  const older = earlier.map((one) =>
    element("details", {}, element("summary", { textContent: words.publication(format.day(one.date), one.version) }), files(one, words, format)),
  );
  return [files(publication, words, format), element("h3", { textContent: words.page.earlierTitle }), ...older];
}

function files(publication, words, format) {
  if (publication.files.length === 0) return element("ul", { className: "files" }, element("li", {}, link(publication, "datapackage.json")));
  return element("ul", { className: "files" }, ...publication.files.map((file) => entry(publication, file, words, format)));
}

function entry(publication, { name, bytes, rows }, words, format) {
  const said = words.file(size(bytes, words.bytes, format.plain), rows === null ? null : format.count(rows));
  return element("li", {}, link(publication, name), ` ${said}`);
}

// Of old publications the index does not list files; their description does.
const link = ({ folder }, name) => element("a", { href: new URL(name, folder).href, textContent: name });
