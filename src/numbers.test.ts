import { expect, test } from "vitest";
import { dollars, duration, share, shortNumber, wholeNumber } from "./numbers.ts";

test("whole numbers have separators", () => {
  expect([0, 999, 1204, 2_104_221.4].map(wholeNumber)).toEqual(["0", "999", "1,204", "2,104,221"]);
});

test("short numbers keep one digit behind the point", () => {
  expect(
    [0, 940, 9999, 9999.6, 21_400, 999_949, 999_960, 2_100_000, 999_960_000, 1_300_000_000].map(shortNumber),
  ).toEqual(["0", "940", "9,999", "10.0k", "21.4k", "999.9k", "1.0M", "2.1M", "1.0B", "1.3B"]);
});

test("small sums keep their digits", () => {
  expect([0, 0.00001, 0.0042, 0.1, 1.934, 1234.5].map(dollars)).toEqual([
    "$0.00",
    "<$0.0001",
    "$0.0042",
    "$0.10",
    "$1.93",
    "$1,234.50",
  ]);
});

test("time spans have their two largest units", () => {
  expect([0, 4.21, 9.97, 45, 200, 240, 7500, 100_800].map(duration)).toEqual([
    "0.0s",
    "4.2s",
    "10s",
    "45s",
    "3m 20s",
    "4m",
    "2h 5m",
    "1d 4h",
  ]);
});

test("a share of nothing is none", () => {
  expect([share(1, 3), share(0, 0)]).toEqual(["33.3 %", "–"]);
});
