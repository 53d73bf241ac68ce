import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { enginePackages } from "./engines.ts";
import { engineState, lookIntoPython, probeEngine, pythonEnvironment } from "./python.ts";
import { scriptPython } from "./testing/scripted-python.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "agentrefine-python-"));
});

afterEach(() => rm(folder, { recursive: true }));

const PATH = process.env.PATH;
const hasPython = spawnSync("python3", ["--version"]).status === 0;
const wanted = enginePackages("trl", { deepSpeed: "none", method: "full" });

describe("engineState", () => {
  const found = (trl: string, devices: number | null = null) => ({
    packages: { trl, torch: "2.9" },
    devices,
    torchProblem: null,
  });

  it("is ready with a supported version and enough cards", () => {
    expect(engineState(found("1.16.0"), wanted, 0).code).toBe("ready");
    expect(engineState(found("0.20.0", 8), wanted, 8).code).toBe("ready");
  });

  it("tells what is missing, too old, too new or too little", () => {
    expect(engineState({ packages: { torch: "2.9" }, devices: null, torchProblem: null }, wanted, 0)).toEqual(
      {
        code: "missing",
        packages: [wanted[0]],
      },
    );
    expect(engineState(found("0.18.0"), wanted, 0)).toMatchObject({ code: "unsupported", version: "0.18.0" });
    expect(engineState(found("2.0.0"), wanted, 0)).toMatchObject({ code: "unsupported", version: "2.0.0" });
    expect(engineState(found("1.16.0", 2), wanted, 8)).toEqual({
      code: "too-few-devices",
      found: 2,
      needed: 8,
    });
  });
});

describe("pythonEnvironment", () => {
  it("puts the interpreter's folder first on the path", async () => {
    const python = await scriptPython(join(folder, "bin"), { packages: {} });
    const environment = await pythonEnvironment(python, { PATH, HF_TOKEN: "secret" });
    expect(environment).toMatchObject({ PATH: `${join(folder, "bin")}:${PATH}`, HF_TOKEN: "secret" });
  });

  it("refuses what is no interpreter", async () => {
    await writeFile(join(folder, "python3"), "text");
    for (const python of [join(folder, "python3"), join(folder, "none"), folder]) {
      await expect(pythonEnvironment(python, { PATH })).rejects.toThrow("is not a Python interpreter");
    }
  });
});

describe("lookIntoPython", () => {
  it("asks the interpreter of the environment", async () => {
    const python = await scriptPython(folder, { packages: { trl: "1.2.3" }, devices: 4 });
    const environment = await pythonEnvironment(python, { PATH });
    expect(await lookIntoPython(environment, ["trl"], true)).toEqual({
      packages: { trl: "1.2.3" },
      devices: 4,
      torchProblem: null,
    });
  });

  it.skipIf(!hasPython)("tells in one line why PyTorch cannot be loaded", async () => {
    const problem = "libcudart.so.12: cannot open shared object file";
    await mkdir(join(folder, "torch-2.15.0.dist-info"));
    await writeFile(join(folder, "torch-2.15.0.dist-info", "METADATA"), "Name: torch\nVersion: 2.15.0\n");
    const wanted = ["torch", "no-such-package"];
    for (const [source, torchProblem] of [
      [`raise OSError("${problem}\\nSee the manual.")`, `OSError: ${problem}`],
      [`raise ImportError("\\n\\n  ${problem}")`, `ImportError: ${problem}`],
      ["class cuda:\n  def device_count():\n    raise RuntimeError", "RuntimeError"],
      [`raise OSError("x" * 1000)`, `OSError: ${"x".repeat(291)}`],
    ] as const) {
      await writeFile(join(folder, "torch.py"), `print("Loading")\n${source}\n`);
      expect(
        await lookIntoPython({ PATH, PYTHONPATH: folder, PYTHONDONTWRITEBYTECODE: "1" }, wanted, true),
      ).toEqual({
        packages: { torch: "2.15.0" },
        devices: null,
        torchProblem,
      });
    }
  });
});

describe("probeEngine", () => {
  it("tells of a Python that cannot be run", async () => {
    expect(await probeEngine({ PATH: folder }, wanted, 0)).toMatchObject({
      code: "no-python",
      problem: expect.stringContaining("ENOENT"),
    });
  });

  it("tells of a Python that answers nonsense", async () => {
    const python = await scriptPython(folder, { packages: {} });
    await writeFile(python, "#!/bin/bash\necho hello\n");
    const environment = await pythonEnvironment(python, { PATH });
    expect(await probeEngine(environment, wanted, 0)).toMatchObject({ code: "no-python" });
  });

  it("finds what is installed and what is not", async () => {
    const python = await scriptPython(folder, { packages: { trl: "0.19.0", torch: "2.9.0" } });
    const environment = await pythonEnvironment(python, { PATH });
    expect(await probeEngine(environment, wanted, 0)).toMatchObject({
      code: "unsupported",
      version: "0.19.0",
    });
  });

  it("names PyTorch when that is what is broken", async () => {
    const packages = { trl: "1.16.0", torch: "2.15.0" };
    const python = await scriptPython(folder, { packages, torchProblem: "OSError: libcudart" });
    const environment = await pythonEnvironment(python, { PATH });
    expect(await probeEngine(environment, wanted, 1)).toEqual({
      code: "broken-torch",
      problem: "OSError: libcudart",
    });
  });

  it.skipIf(process.env.AGENTREFINE_PYTHON === undefined)(
    "finds TRL in AGENTREFINE_PYTHON",
    {
      timeout: 120_000,
    },
    async () => {
      const environment = await pythonEnvironment(process.env.AGENTREFINE_PYTHON, { PATH });
      expect(await probeEngine(environment, wanted, 0)).toMatchObject({ code: "ready" });
      const found = await lookIntoPython(environment, ["torch", "no-such-package"], true);
      expect(Object.keys(found.packages)).toEqual(["torch"]);
      expect(found.devices).toBeGreaterThanOrEqual(0);
    },
  );
});
