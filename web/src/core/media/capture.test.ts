import { describe, expect, it, vi } from 'vitest';
import { capture, captureErrorCode } from './capture';

const ANY = { cameraId: null, microphoneId: null };
const named = (name: string) => Object.assign(new Error(name), { name });

describe('captureErrorCode', () => {
  it.each([
    ['NotAllowedError', 'camera_refused'],
    ['NotFoundError', 'camera_missing'],
    ['OverconstrainedError', 'camera_missing'],
    ['NotReadableError', 'camera_busy'],
  ])('%s -> %s', (name, code) => expect(captureErrorCode(name, 'camera')).toBe(code));
});

describe('capture', () => {
  it('says the page is not secure when there is no getUserMedia', async () => {
    await expect(capture(ANY, undefined)).rejects.toMatchObject({ code: 'insecure_context' });
  });

  it('names the camera when the camera alone fails too', async () => {
    const getUserMedia = vi.fn().mockRejectedValue(named('NotFoundError'));
    await expect(capture(ANY, getUserMedia)).rejects.toMatchObject({ code: 'camera_missing' });
  });

  it('names the microphone when the camera alone works, and lets go of the camera', async () => {
    const track = { stop: vi.fn() };
    const getUserMedia = vi.fn((constraints: MediaStreamConstraints) =>
      constraints.audio ? Promise.reject(named('NotFoundError')) : Promise.resolve({ getTracks: () => [track] } as unknown as MediaStream),
    );
    await expect(capture(ANY, getUserMedia)).rejects.toMatchObject({ code: 'microphone_missing' });
    expect(track.stop).toHaveBeenCalledOnce();
  });

  it('takes another microphone when the chosen one is gone, and insists on one that is refused', async () => {
    const sound = { kind: 'audio' };
    const picture = { kind: 'video', stop: vi.fn() };
    const asked = { error: 'OverconstrainedError' };
    const getUserMedia = vi.fn(({ audio, video }: MediaStreamConstraints) => {
      if (typeof audio === 'object' && audio.deviceId) return Promise.reject(named(asked.error));
      return Promise.resolve({ getTracks: () => (video ? [picture] : [sound]) } as unknown as MediaStream);
    });
    vi.stubGlobal('MediaStream', class { constructor(readonly tracks: unknown[]) {} });
    const chosen = { cameraId: null, microphoneId: 'headset' };
    await expect(capture(chosen, getUserMedia)).resolves.toMatchObject({ tracks: [picture, sound] });
    asked.error = 'NotAllowedError';
    await expect(capture(chosen, getUserMedia)).rejects.toMatchObject({ code: 'microphone_refused' });
    vi.unstubAllGlobals();
  });

  it('names the camera a page may not have, where the browser gives the microphone alone without a word', async () => {
    const sound = { kind: 'audio', stop: vi.fn() };
    const getUserMedia = vi.fn((constraints: MediaStreamConstraints) =>
      constraints.audio
        ? Promise.resolve({ getTracks: () => [sound] } as unknown as MediaStream)
        : Promise.reject(named('NotAllowedError')),
    );
    await expect(capture(ANY, getUserMedia)).rejects.toMatchObject({ code: 'camera_refused' });
    expect(sound.stop).toHaveBeenCalledOnce();
  });
});
