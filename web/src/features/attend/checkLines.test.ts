import { describe, expect, it } from 'vitest';
import type { StreamStats } from '../../core/signalling/messages';
import { cameraLine, microphoneLine, serverLine } from './checkLines';

const stats: StreamStats = { stream_id: 's', width: 1280, height: 720, fps: 30, kbps: 1500, audio_level_db: -30, packets_lost: 0 };

describe('check lines', () => {
  it('names what is wrong with the camera', () => {
    expect(cameraLine({ phase: 'failed', error: 'camera_busy' })).toMatchObject({ state: 'bad', words: 'The camera is in use' });
    expect(cameraLine({ phase: 'failed', error: 'microphone_missing' }).state).toBe('waiting');
    expect(microphoneLine({ phase: 'failed', error: 'microphone_missing' }, false).state).toBe('bad');
  });

  it('says what the server received', () => {
    expect(serverLine({ open: true, stats, rttMs: 23.6, sendingForMs: 0 })).toEqual({
      state: 'ok',
      words: 'we received 1280 × 720, 24 ms',
    });
  });

  it('waits, then explains that something blocks the picture', () => {
    expect(serverLine({ open: false, stats: null, rttMs: null, sendingForMs: 0 }).state).toBe('waiting');
    expect(serverLine({ open: true, stats: null, rttMs: 5, sendingForMs: 1_000 }).state).toBe('waiting');
    expect(serverLine({ open: true, stats: null, rttMs: 5, sendingForMs: 20_000 }).state).toBe('bad');
  });

  it('does not call a slow line good', () => expect(serverLine({ open: true, stats, rttMs: 900, sendingForMs: 0 }).state).toBe('bad'));
});
