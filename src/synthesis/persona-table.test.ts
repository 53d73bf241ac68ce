import { expect, test } from "vitest";
import { IndexTexts } from "./index-file.ts";
import { PersonaTable } from "./persona-table.ts";

const CALL = { usage: { promptTokens: 1, cachedTokens: 0, completionTokens: 1, estimated: false }, cost: 0 };

test("rows of a shard's places, far apart and in any order, are found again and given out in order", () => {
  // A multiple of a number that 2^31 - 1 does not divide: no place comes twice.
  const places = Array.from({ length: 5000 }, (_, number) => ((number + 1) * 48_271) % (2 ** 31 - 1));
  const table = new PersonaTable(new IndexTexts());
  for (const place of places) table.addCall(place, `p${place}`, CALL, { start: place, length: 1 });
  const again = new PersonaTable(new IndexTexts());
  again.putRows(table.takeChanged());
  // Some that are there already between others that are not.
  for (const place of places.slice(4090, 4100))
    table.addCall(place, `p${place}`, CALL, { start: 7, length: 1 });
  table.addCall(5, "p5", CALL, { start: 5, length: 1 });
  again.putRows(table.takeChanged());
  expect(again.size).toBe(5001);
  expect(again.get(6)).toBeUndefined();
  expect([5, ...places].every((place) => again.get(place)?.id === `p${place}`)).toBe(true);
  expect(again.get(places[4095] ?? 0)?.bought.places).toHaveLength(2);
  expect(again.underWay()).toEqual([5, ...places].sort((one, other) => one - other));
});
