import { BENCHMARKS } from "./benchmarks/benchmarks.ts";
import { answerWith } from "./support/child.ts";

// One benchmark in a process of its own, so that none inherits another's heap and compiled code.
await answerWith(async () => {
  const [name, amount, size = "", path = ""] = process.argv.slice(2);
  const benchmark = BENCHMARKS.find((one) => one.name === name);
  if (benchmark === undefined) throw new Error(`there is no benchmark ${name}`);
  return await benchmark.run({
    quick: amount === "quick",
    ...(size === "" ? {} : { size: Number(size) }),
    ...(path === "" ? {} : { path }),
    progress: (note) => console.error(`${name}: ${note}`),
  });
});
