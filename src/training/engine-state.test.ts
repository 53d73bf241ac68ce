import { describe, expect, it } from "vitest";
import { enginePackages } from "./engines.ts";

import { engineState } from "./python.ts";

describe("engineState", () => {
  const wanted = enginePackages("trl", { deepSpeed: "none", method: "full" });
  const found = (trl: string, devices?: number) => ({
    packages: { trl, torch: "2.9" },
    devices,
    torchProblem: undefined,
  });

  it("is ready with a supported version and enough cards", () => {
    expect(engineState(found("1.16.0"), wanted, 0).code).toBe("ready");
    expect(engineState(found("0.20.0", 8), wanted, 8).code).toBe("ready");
  });

  it("tells what is missing, too old, too new or too little", () => {
    expect(
      engineState({ packages: { torch: "2.9" }, devices: undefined, torchProblem: undefined }, wanted, 0),
    ).toEqual({
      code: "missing",
      packages: [wanted[0]],
    });
    expect(engineState(found("0.18.0"), wanted, 0)).toMatchObject({ code: "unsupported", version: "0.18.0" });
    expect(engineState(found("2.0.0"), wanted, 0)).toMatchObject({ code: "unsupported", version: "2.0.0" });
    expect(engineState(found("1.16.0", 2), wanted, 8)).toEqual({
      code: "too-few-devices",
      found: 2,
      needed: 8,
    });
  });
});
