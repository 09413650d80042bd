import type { Position } from './playlist';

/** What the player is doing and, while a seek waits for its video to load, where it will go. */
export interface PlayerState {
  videoId: string | null;
  status: 'empty' | 'loading' | 'paused' | 'playing' | 'ended' | 'failed';
  timeMs: number;
  /** To apply once the video can be sought. */
  pending: { timeMs: number; play: boolean } | null;
  rate: number;
  /** 0 to 1. */
  volume: number;
  muted: boolean;
}

export type PlayerEvent =
  | { type: 'seek'; position: Position; play: boolean }
  | { type: 'loaded' }
  | { type: 'time'; timeMs: number }
  | { type: 'played' | 'paused' | 'ended' | 'failed' }
  | { type: 'rate'; rate: number }
  | { type: 'sound'; volume: number; muted: boolean };

export const RATES = [0.5, 1, 1.25, 1.5, 2] as const;

export const EMPTY_PLAYER: PlayerState = { videoId: null, status: 'empty', timeMs: 0, pending: null, rate: 1, volume: 1, muted: false };

/** The player after an event. A seek into another video loads that first and goes there afterwards. */
export function playerReducer(state: PlayerState, event: PlayerEvent): PlayerState {
  switch (event.type) {
    case 'seek': {
      const same = event.position.videoId === state.videoId && state.status !== 'failed';
      const pending = { timeMs: event.position.timeMs, play: event.play };
      return { ...state, videoId: event.position.videoId, timeMs: pending.timeMs, pending, status: same ? state.status : 'loading' };
    }
    case 'loaded':
      return { ...state, pending: null, status: state.status === 'loading' ? 'paused' : state.status };
    case 'time':
      return state.pending ? state : { ...state, timeMs: event.timeMs };
    case 'played':
      return { ...state, status: 'playing' };
    case 'paused':
      return state.status === 'playing' ? { ...state, status: 'paused' } : state;
    case 'ended':
      return { ...state, status: 'ended' };
    case 'failed':
      return { ...state, status: 'failed', pending: null };
    case 'rate':
      return { ...state, rate: event.rate };
    case 'sound':
      return { ...state, volume: event.volume, muted: event.muted };
  }
}
