import { javaExecutable, publishedFolder } from "../../../data/published.ts";
import { findJar, type JavaCommand, javaCommand } from "../simulator/java.ts";

/** How the real simulator is started; undefined on a machine that lacks it, or a Java that can be reproduced. */
export async function realSimulator(): Promise<JavaCommand | undefined> {
  const jar = await findJar(await publishedFolder("scienceworld"));
  const java = await javaExecutable();
  if (jar?.version === undefined || java === undefined) return undefined;
  const command = await javaCommand(java, jar.path);
  return command.isReproducible ? command : undefined;
}
