import { expect, test } from "vitest";
import * as library from "./index.ts";

test("the library has these values and no others", () => {
  expect(Object.keys(library).sort()).toMatchSnapshot();
});
