import { expect, test } from "vitest";
import { nearestTheme, themes } from "./themes.ts";

test("every theme can furnish what its tasks speak of", () => {
  expect(themes()).toHaveLength(18);
  expect(new Set(themes().map(({ name }) => name)).size).toBe(18);
  for (const theme of themes()) {
    const rooms = theme.rooms.map(({ name }) => name);
    const { treatments, repairs, procedures, measurements, inspections } = theme;
    const needed = [...treatments, ...repairs, ...procedures, ...measurements].map(({ room }) => room);
    for (const room of [...needed, ...inspections.flatMap((each) => each.rooms)]) {
      expect(rooms, `${room} of ${theme.name}`).toContain(room);
    }
    for (const { things, rooms: places, lowest, highest } of inspections) {
      expect(things, theme.name).toHaveLength(places.length);
      expect(lowest).toBeLessThan(highest);
    }
    const furniture = theme.rooms.flatMap(({ surfaces, containers }) => [...surfaces, ...containers]);
    const carried = [...theme.objects, ...theme.keys];
    expect(
      furniture.filter((name) => carried.includes(name)),
      theme.name,
    ).toEqual([]);
  }
});

test("a text is near the theme whose place it names, else the one of which it has most words", () => {
  for (const { name, building } of themes())
    expect(nearestTheme(`You are in the ${building}, a cook.`)).toBe(name);
  expect(nearestTheme("The cook and the chef wait for a doctor.")).toBe("bakery");
  expect(nearestTheme("Zzz.")).toBeUndefined();
});
