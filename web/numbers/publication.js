// Reading what is published: the index, and a summary for each publication.

const SCHEMA_VERSION = 1;
const INDEX = "data/index.json";
// A bucket that may not be listed answers so where there is no such file.
const ABSENT = new Set([403, 404]);

/** The numbers could not be read; the message is for who looks into it. */
export class ReadingError extends Error {}

/** The publications, newest first; none where nothing has been published. */
export async function readIndex(page) {
  const address = new URL(INDEX, page);
  const response = await get(address, "no-cache");
  if (ABSENT.has(response.status)) return [];
  const { publications } = await contents(response, address);
  return publications.map((publication) => ({ ...publication, folder: new URL(`${publication.path.replace(/\/?$/, "/")}`, address) }));
}

/** The summary of a publication. Its files never change, so that any copy will do. */
export async function readSummary({ folder }) {
  const address = new URL("summary.json", folder);
  return contents(await get(address, "default"), address);
}

/** The newest publication of each disease, in the order of the index. */
export function newest(publications) {
  const found = new Map();
  for (const publication of publications) {
    if (!found.has(publication.disease)) found.set(publication.disease, publication);
  }
  return found;
}

async function get(address, cache) {
  try {
    return await fetch(address, { cache, credentials: "omit", referrerPolicy: "no-referrer" });
  } catch (error) {
    throw new ReadingError(`${address.pathname} did not answer`, { cause: error });
  }
}

async function contents(response, { pathname }) {
  if (!response.ok) throw new ReadingError(`${pathname} answered ${response.status}`);
  const read = await response.json().catch((error) => {
    throw new ReadingError(`${pathname} is not JSON`, { cause: error });
  });
  if (read.schema_version !== SCHEMA_VERSION) throw new ReadingError(`${pathname} has another schema`);
  return read;
}
