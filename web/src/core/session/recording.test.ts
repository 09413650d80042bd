import { describe, expect, it } from 'vitest';
import type { StreamInfo } from '../signalling/messages';
import { recordingView } from './recording';
import { EMPTY_ROOM, type RoomRecording, type RoomState } from './room';

const running: RoomRecording = { video_id: 'v', question_id: null, participant_id: 'them', state: 'recording', offset_ms: 0, sinceMs: 1_000 };
const camera: StreamInfo = { stream_id: 's', participant_id: 'them', source: 'camera', has_audio: true, has_video: true };
const room = (changes: Partial<RoomState> = {}): RoomState => ({ ...EMPTY_ROOM, recordings: [running], streams: [camera], ...changes });
const here = { away: false, publishing: null } as const;
const mine = { away: false, publishing: 'connected' } as const;

describe('recordingView', () => {
  it('says nothing of a recording that has not begun', () => {
    expect(recordingView(room({ recordings: [] }), here)).toEqual({ state: 'none' });
    expect(recordingView(room({ recordings: [{ ...running, state: 'starting', sinceMs: null }] }), mine)).toEqual({ state: 'none' });
  });

  it('tells the recorded by their own camera', () => {
    expect(recordingView(room({ streams: [] }), mine)).toEqual({ state: 'recording', sinceMs: 1_000 });
    for (const publishing of ['connecting', 'off', { error: 'internal' }] as const) {
      expect(recordingView(room(), { away: false, publishing })).toEqual({ state: 'paused', sinceMs: 1_000, because: 'connection' });
    }
  });

  it('never calls it paused while their picture may still arrive', () => {
    expect(recordingView(room(), { away: true, publishing: 'connected' }).state).toBe('unknown');
    expect(recordingView(room(), { away: true, publishing: 'connecting' }).state).toBe('paused');
  });

  it('tells the panel by the camera that the server has, and not to know when it is away itself', () => {
    expect(recordingView(room(), here).state).toBe('recording');
    expect(recordingView(room({ streams: [{ ...camera, source: 'screen' }] }), here).state).toBe('paused');
    expect(recordingView(room({ streams: [{ ...camera, participant_id: 'other' }] }), here).state).toBe('paused');
    expect(recordingView(room({ streams: [] }), { away: true, publishing: null }).state).toBe('unknown');
  });

  it('tells a live interview that is not recorded, until it is', () => {
    const failed: RoomRecording = { ...running, state: 'failed', error: 'write_failed', sinceMs: null };
    expect(recordingView(room({ recordings: [failed] }), here)).toEqual({ state: 'none', because: 'failed' });
    expect(recordingView(room({ recordings: [failed] }), mine)).toEqual({ state: 'none', because: 'failed' });
    expect(recordingView(room({ recordings: [failed, { ...running, video_id: 'w' }] }), here).state).toBe('recording');
    expect(recordingView(room({ recordings: [{ ...failed, question_id: 'q' }] }), mine)).toEqual({ state: 'none' });
  });

  it('tells a server that cannot write', () => {
    const full = room({ recordings: [{ ...running, error: 'storage_full' }] });
    expect(recordingView(full, mine)).toMatchObject({ state: 'paused', because: 'storage' });
  });
});
