import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { type FakeGateway, startFakeGateway } from "../testing/fake-gateway.ts";
import { LAMP_EPISODE } from "../testing/lamp-episode.ts";
import { openSimulator } from "./simulator.ts";
import { Simulators } from "./simulators.ts";

function counted(idleMs?: number): { readonly simulators: Simulators; readonly gateways: FakeGateway[] } {
  const gateways: FakeGateway[] = [];
  const simulators = new Simulators(async () => {
    const gateway = await startFakeGateway([LAMP_EPISODE]);
    gateways.push(gateway);
    return await openSimulator(gateway, { startSeconds: 20, answerSeconds: 20 });
  }, idleMs);
  return { simulators, gateways };
}

test("one that is given back is taken again, and two are never the same", async () => {
  const { simulators, gateways } = counted();
  const [one, other] = [await simulators.take(), await simulators.take()];
  expect(one).not.toBe(other);
  simulators.giveBack(one);
  expect(await simulators.take()).toBe(one);
  simulators.giveBack(one);
  simulators.giveBack(other);
  simulators.close();
  expect(gateways.map(({ isRunning }) => isRunning)).toEqual([false, false]);
});

test("one in the middle of a step is ended, and not given out again", async () => {
  const { simulators, gateways } = counted();
  const one = await simulators.take();
  const step = expect(one.step("hang")).rejects.toThrow("was closed");
  simulators.giveBack(one);
  await step;
  const other = await simulators.take();
  expect(other).not.toBe(one);
  expect(gateways.map(({ isRunning }) => isRunning)).toEqual([false, true]);
  simulators.giveBack(other);
  simulators.close();
});

test("one that dies while nobody has it is not given out", async () => {
  const { simulators, gateways } = counted();
  const one = await simulators.take();
  simulators.giveBack(one);
  gateways[0]?.close();
  const other = await simulators.take();
  expect(other).not.toBe(one);
  simulators.giveBack(other);
  simulators.close();
});

test("one that nobody wants for a while is ended", async () => {
  const { simulators, gateways } = counted(10);
  simulators.giveBack(await simulators.take());
  while (gateways[0]?.isRunning === true) await delay(5);
});
