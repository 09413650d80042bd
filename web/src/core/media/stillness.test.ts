import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Stillness } from './stillness';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function harness() {
  const camera = { frames: 0, fps: 15 };
  const said: boolean[] = [];
  const stillness = new Stillness(
    () => Promise.resolve(camera.frames),
    () => said.push(stillness.still),
  );
  const pass = async (seconds: number) => {
    for (let second = 0; second < seconds; second++) {
      camera.frames += camera.fps;
      await vi.advanceTimersByTimeAsync(1_000);
    }
  };
  stillness.start();
  return { camera, said, stillness, pass };
}

it('says within 5 s that a frozen page sends no pictures, and that it does again once it wakes', async () => {
  const { camera, said, pass } = harness();
  await pass(10);
  expect(said).toEqual([]);
  camera.fps = 0;
  await pass(5);
  expect(said).toEqual([true]);
  await pass(15);
  camera.fps = 1;
  await pass(2);
  expect(said).toEqual([true, false]);
});

it('takes one picture now and then for a camera that works', async () => {
  const { camera, said, pass } = harness();
  camera.fps = 0;
  for (let round = 0; round < 5; round++) {
    camera.frames += 1;
    await pass(3);
  }
  expect(said).toEqual([]);
});

it('looks no more once it is stopped', async () => {
  const { camera, said, stillness, pass } = harness();
  camera.fps = 0;
  stillness.stop();
  await pass(20);
  expect(said).toEqual([]);
});
