/** Searches for places, as addresses and as queries. */
import type { MapBox, PhotoPlace } from "../../contract";

function searchAddress(query: string): string {
  return `#/search?q=${encodeURIComponent(query)}`;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', "")}"`;
}

/** All photos of a town, told apart from others of its name by its region, or else by its country. */
export function townAddress({ town, region, country }: PhotoPlace): string {
  return searchAddress(`place:${quoted([town, region || country].filter(Boolean).join(", "))}`);
}

export function areaAddress(name: string): string {
  return searchAddress(`place:${quoted(name)}`);
}

/** Six decimals are about ten centimetres. */
function degrees(value: number): string {
  return String(Number(value.toFixed(6)));
}

/** The query for the photos of a part of the map, rounded outwards so that none at its edge is lost. */
export function boxQuery({ south, west, north, east }: MapBox): string {
  const step = 1e-6;
  const whole = [Math.max(-90, south - step), Math.max(-180, west - step), Math.min(90, north + step), Math.min(180, east + step)];
  return `within:${whole.map(degrees).join(",")}`;
}
