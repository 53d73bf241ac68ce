import { spawnSync } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { createTestHost, type TestHost } from "../testing/test-host.ts";

let host: TestHost;
beforeAll(async () => {
  host = await createTestHost();
});
afterAll(() => host.remove());

function read(file: string): Promise<string> {
  return readFile(join(host.directory, file), "utf8");
}

async function withConfig(folder: string, generate: object): Promise<string> {
  await mkdir(join(host.directory, folder));
  await writeFile(join(host.directory, folder, "agentrefine.config.json"), JSON.stringify({ generate }));
  return folder;
}

const CONFIG = { model: "gpt-4o", personas: "personas.jsonl", out: "runs/It's mine" };

describe("init for a cluster", () => {
  test("fills in the scripts for Slurm, which a shell can read", async () => {
    const folder = await withConfig("slurm", { ...CONFIG, maxCost: 40, concurrency: 64 });
    const { code, stderr } = await host.run(["init", folder, "--slurm", "--shards", "64", "--at-once", "16"]);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(stderr).toContain("  job=$(sbatch --parsable slurm/shards.sbatch)\n");
    const script = await read("slurm/slurm/shards.sbatch");
    expect(script).toContain("#SBATCH --array=0-63%16\n");
    expect(script).toContain("#SBATCH --job-name=agentrefine-it-s-mine\n");
    expect(script).toContain(
      `--shard "$shard/64" --out 'runs/It'\\''s mine'-shards/"$shard" --max-cost 0.625 --concurrency 4 &`,
    );
    for (const name of ["shards", "merge"]) {
      const path = join(host.directory, `slurm/slurm/${name}.sbatch`);
      expect(spawnSync("bash", ["-n", path]).status).toBe(0);
    }
  });

  test("fills in the manifests for Kubernetes: what is right for an exit code, and nobody's root", async () => {
    const folder = await withConfig("kubernetes", { ...CONFIG, out: "runs/first" });
    await host.run(["init", folder, "--kubernetes", "--image", "registry.example.com/a:1"]);
    const [job] = parseAllDocuments(await read("kubernetes/kubernetes/shards.yaml"));
    expect(job?.toJS()).toMatchObject({
      kind: "Job",
      metadata: { name: "agentrefine-first" },
      spec: {
        completionMode: "Indexed",
        completions: 8,
        parallelism: 8,
        podReplacementPolicy: "Failed",
        podFailurePolicy: {
          rules: [
            { action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] },
            { action: "Ignore", onExitCodes: { values: [130] } },
            { action: "FailIndex", onExitCodes: { values: [2, 3] } },
          ],
        },
        template: {
          spec: {
            restartPolicy: "Never",
            terminationGracePeriodSeconds: 600,
            securityContext: { runAsNonRoot: true },
            containers: [{ image: "registry.example.com/a:1", env: [{ value: "540" }] }],
          },
        },
      },
    });
    for (const name of ["volume", "shards", "merge"]) {
      for (const document of parseAllDocuments(await read(`kubernetes/kubernetes/${name}.yaml`)))
        expect(document.errors).toEqual([]);
    }
  });

  test("fills in the tasks for SkyPilot, and asks for each shard's number", async () => {
    const folder = await withConfig("skypilot", { ...CONFIG, out: "runs/first" });
    const { stderr } = await host.run(["init", folder, "--skypilot", "--shards", "3"]);
    expect(stderr).toContain("for shard in $(seq 0 2); do");
    expect(stderr).toContain("--name agentrefine-first-$shard --env-file .env --env SHARD=$shard");
    const free = await withConfig("free", { ...CONFIG, model: "offline", out: "runs/first" });
    expect((await host.run(["init", free, "--skypilot"])).stderr).toContain("-$shard --env SHARD=$shard");
    const [task] = parseAllDocuments(await read("skypilot/skypilot/shards.yaml"));
    const { run, envs } = task?.toJS() ?? {};
    expect(envs).toEqual({ SHARD: null });
    expect(run).toContain('--shard "$SHARD/3" --out "$work"');
    expect(spawnSync("bash", ["-n"], { input: run }).status).toBe(0);
  });

  test("replaces nothing unasked, and says what would be written otherwise now", async () => {
    const folder = await withConfig("again", CONFIG);
    const init = ["init", folder, "--slurm", "--shards"];
    await host.run([...init, "2"]);
    expect((await host.run([...init, "2"])).stderr).not.toContain("--force");
    const other = await host.run([...init, "3"]);
    expect(other.stderr).toContain("(--force replaces them): again/slurm/shards.sbatch.");
    const asked = { isTTY: true, isInteractive: true };
    await host.run([...init, "3"], { ...asked, stdin: "\n" });
    expect(await read("again/slurm/shards.sbatch")).toContain("--array=0-1\n");
    await host.run([...init, "3"], { ...asked, stdin: "yes\n" });
    expect(await read("again/slurm/shards.sbatch")).toContain("--array=0-2\n");
    await host.run([...init, "4", "--force"]);
    expect(await read("again/slurm/shards.sbatch")).toContain("--array=0-3\n");
  });

  test.each([
    ["no model", { out: "runs/first" }, ["--slurm"], "has no generate.model"],
    ["standard input", { ...CONFIG, personas: "-" }, ["--slurm"], "from the standard input"],
    ["outside", { ...CONFIG, personas: "../all.jsonl" }, ["--kubernetes"], "lies outside of its folder"],
    ["no cluster", CONFIG, ["--shards", "4"], "--shards is for a cluster, and none was named"],
  ])("refuses what cannot be split: %s", async (name, generate, flags, words) => {
    const folder = await withConfig(name, generate);
    const { code, stderr } = await host.run(["init", folder, ...flags]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(words) });
    await expect(read(`${name}/.gitignore`)).rejects.toThrow("ENOENT");
  });
});
