import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { generalRows, mixture } from "./mixture.ts";
import type { TrainingExample } from "./training-example.ts";

function rows(name: string, count: number): readonly TrainingExample[] {
  return Array.from({ length: count }, (_unused, place) => ({ id: `${name}${place}`, messages: [] }));
}

async function mixed(agent: number, general: number, seed: number): Promise<readonly string[]> {
  const ids: string[] = [];
  for await (const { id } of mixture(rows("a", agent), rows("g", general), { agent, general }, seed))
    ids.push(id);
  return ids;
}

describe("mixture", () => {
  it("has every row of both parts once, each part in its order", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(30), fc.nat(30), fc.nat(), async (agent, general, seed) => {
        const ids = await mixed(agent, general, seed);
        expect(ids.filter((id) => id.startsWith("a"))).toEqual(rows("a", agent).map(({ id }) => id));
        expect(ids.filter((id) => id.startsWith("g"))).toEqual(rows("g", general).map(({ id }) => id));
        expect(await mixed(agent, general, seed)).toEqual(ids);
      }),
    );
  });

  it("spreads the general rows over the whole", async () => {
    const ids = await mixed(1000, 1000, 1);
    for (let at = 0; at < 2000; at += 500) {
      const general = ids.slice(at, at + 500).filter((id) => id.startsWith("g")).length;
      expect(general).toBeGreaterThan(200);
      expect(general).toBeLessThan(300);
    }
    expect(await mixed(1000, 1000, 2)).not.toEqual(ids);
  });

  it("fails when a part is shorter than was said", async () => {
    const all = async () => {
      for await (const _row of mixture(rows("a", 1), [], { agent: 1, general: 1 }, 1));
    };
    await expect(all()).rejects.toThrow("fewer rows than were announced");
  });
});

describe("generalRows", () => {
  it("is a share of the agent rows", () => {
    expect([generalRows(4000, 0.25), generalRows(3, 0.5), generalRows(10, 2)]).toEqual([1000, 2, 20]);
  });
});
