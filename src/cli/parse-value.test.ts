import { expect, test } from "vitest";
import { header, jsonObject, number, text, whole } from "./parse-value.ts";

test("numbers must be whole texts of digits within their bounds", () => {
  expect(whole({ least: 1 })("12")).toBe(12);
  expect(number({ least: 0, most: 1 })("0.25")).toBe(0.25);
  for (const input of ["", "1.5", "12x", "0x10", "1e3", "99999999999999999999"]) {
    expect(() => whole()(input), input).toThrow("is not a whole number");
  }
  for (const input of ["", "abc", "Infinity", "NaN", "1,5"]) {
    expect(() => number()(input), input).toThrow("is not a number");
  }
  expect(() => whole({ least: 2 })("1")).toThrow("of at least 2");
  expect(() => number({ least: 0, most: 1 })("1.01")).toThrow("from 0 to 1");
});

test("a text must not be blank", () => {
  expect(text("a")).toBe("a");
  expect(() => text(" ")).toThrow("is not a text");
});

test("a body is a JSON object", () => {
  expect(jsonObject('{"top_k": 5}')).toEqual({ top_k: 5 });
  expect(() => jsonObject("[1]")).toThrow("not a JSON object");
  expect(() => jsonObject("{")).toThrow("not valid JSON");
});

test("a refused header does not show its value", () => {
  expect(header("X-Team: a: b ")).toEqual(["x-team", "a: b"]);
  for (const input of ["secret-value", ": secret-value", "na me: secret-value", "name:"]) {
    expect(() => header(input)).toThrow(/^(?!.*secret-value)/);
  }
});
