import { expect, test } from "vitest";
import { Activity } from "./stack.ts";
import { fakeClock } from "./testing/fake-clock.ts";

test("tells how long nothing has come, and what the calls on the wire have brought", async () => {
  const clock = fakeClock();
  const activity = new Activity(clock);
  let end = (): void => {};
  const held = new Promise<void>((resolve) => {
    end = resolve;
  });
  let sign = (_characters: number): void => {};
  const call = activity.track((given) => {
    sign = given;
    return held;
  });
  clock.advance(5000);
  expect(activity.snapshot()).toMatchObject({ running: 1, silentFor: 5000, streamedCharacters: 0 });
  sign(40);
  clock.advance(300);
  expect(activity.snapshot()).toMatchObject({ running: 1, silentFor: 300, streamedCharacters: 40 });
  end();
  await call;
  expect(activity.snapshot()).toMatchObject({ running: 0, silentFor: 0, streamedCharacters: 0 });
});

test("counts what is made again once it is, and tells why it waits", async () => {
  const clock = fakeClock();
  const activity = new Activity(clock);
  const wait = activity.retry("no reply", () => clock.sleep(10));
  expect(activity.snapshot()).toMatchObject({ retrying: 1, retried: 0, lastFailure: "no reply" });
  clock.advance(10);
  await wait;
  expect(activity.snapshot()).toMatchObject({ retrying: 0, retried: 1 });
});
