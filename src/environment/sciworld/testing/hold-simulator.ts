// A program that holds a simulator until it is killed. It is given the command line of the simulator as JSON.
import { startGateway } from "../simulator/gateway.ts";
import { openSimulator } from "../simulator/simulator.ts";

const gateway = await startGateway(JSON.parse(process.argv[2] ?? ""), 60);
await openSimulator(gateway, { startSeconds: 60, answerSeconds: 60 });
process.stdout.write(`${JSON.stringify({ pid: gateway.pid, folder: gateway.folder })}\n`);
setInterval(() => {}, 1000);
