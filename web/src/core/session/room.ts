import type { ProctoringEvent } from '../../api/types';
import type { Participant, Recording, RoomRole, RoomSnapshot, ServerMessage, StreamInfo, StreamStats, TrackKind } from '../signalling/messages';

/** A recording and when it began on this client's clock (null until the first frame is written). */
export interface RoomRecording extends Recording {
  sinceMs: number | null;
}

export interface RoomState {
  selfId: string | null;
  role: RoomRole | null;
  entered: boolean;
  /** Knocked, and not admitted yet. */
  waiting: boolean;
  participants: readonly Participant[];
  streams: readonly StreamInfo[];
  recordings: readonly RoomRecording[];
  speakingId: string | null;
  /** What the server receives from this participant. */
  stats: StreamStats | null;
  incidents: readonly ProctoringEvent[];
  /** Who asked this participant to mute, until they unmute. */
  mutedBy: { kind: TrackKind; name: string } | null;
  ended: { at: string; reason: string } | null;
}

export const EMPTY_ROOM: RoomState = {
  selfId: null,
  role: null,
  entered: false,
  waiting: false,
  participants: [],
  streams: [],
  recordings: [],
  speakingId: null,
  stats: null,
  incidents: [],
  mutedBy: null,
  ended: null,
};

/** Replaces the item with the same key or appends it. */
function upsert<T>(items: readonly T[], item: T, key: (item: T) => string): T[] {
  const known = items.some((other) => key(other) === key(item));
  return known ? items.map((other) => (key(other) === key(item) ? item : other)) : [...items, item];
}

function clocked(recording: Recording, known: readonly RoomRecording[], nowMs: number): RoomRecording {
  const before = known.find((other) => other.video_id === recording.video_id);
  const began = recording.state === 'recording' ? nowMs - (recording.offset_ms ?? 0) : null;
  return { ...recording, sinceMs: before?.sinceMs ?? began };
}

function snapshot(state: RoomState, room: RoomSnapshot, nowMs: number): RoomState {
  return {
    ...state,
    participants: room.participants,
    streams: room.streams,
    recordings: room.recordings.map((recording) => clocked(recording, [], nowMs)),
  };
}

/** The room after a message; `nowMs` is this client's monotonic clock. */
export function roomReducer(state: RoomState, message: ServerMessage, nowMs: number): RoomState {
  switch (message.type) {
    case 'welcome':
      return {
        ...snapshot(state, message.room, nowMs),
        selfId: message.participant_id,
        role: message.role,
        entered: message.resumed && state.entered,
        waiting: message.resumed && state.waiting,
        stats: null,
      };
    case 'entered':
      return { ...snapshot(state, message.room, nowMs), entered: true, waiting: false };
    case 'waiting':
      return { ...snapshot(state, message.room, nowMs), entered: false, waiting: true };
    case 'mute_asked':
      return { ...state, mutedBy: { kind: message.kind, name: nameOf(state, message.by) } };
    case 'participant_joined':
    case 'participant_changed':
      return { ...state, participants: upsert(state.participants, message.participant, (item) => item.participant_id) };
    case 'participant_left':
      return withoutParticipant(state, message.participant_id);
    case 'stream_added':
      return { ...state, streams: upsert(state.streams, message.stream, (item) => item.stream_id) };
    case 'stream_removed':
      return { ...state, streams: state.streams.filter((stream) => stream.stream_id !== message.stream_id) };
    case 'stream_stats':
      return { ...state, stats: message };
    case 'speaking':
      return { ...state, speakingId: message.participant_id };
    case 'recording':
      return { ...state, recordings: upsert(state.recordings, clocked(message, state.recordings, nowMs), (item) => item.video_id) };
    case 'incident':
      return { ...state, incidents: upsert(state.incidents, message.event, (item) => item.id) };
    case 'session_ended':
      return { ...state, ended: { at: message.ended_at, reason: message.reason } };
    default:
      return state;
  }
}

const nameOf = (state: RoomState, id: string): string => state.participants.find((person) => person.participant_id === id)?.full_name ?? '';

function withoutParticipant(state: RoomState, id: string): RoomState {
  return {
    ...state,
    participants: state.participants.filter((participant) => participant.participant_id !== id),
    streams: state.streams.filter((stream) => stream.participant_id !== id),
    speakingId: state.speakingId === id ? null : state.speakingId,
  };
}

/** The streams of others, which this participant should receive; who waits at the door is seen and not heard. */
export function othersStreams(state: RoomState): StreamInfo[] {
  const waiting = new Set(others(state, 'waiting').map((person) => person.participant_id));
  return state.streams
    .filter((stream) => stream.participant_id !== state.selfId)
    .map((stream) => (waiting.has(stream.participant_id) ? { ...stream, has_audio: false } : stream));
}

/** The others who are in the room, or at its door. */
export function others(state: RoomState, place: 'in_room' | 'waiting'): Participant[] {
  return state.participants.filter((person) => person.participant_id !== state.selfId && person.place === place);
}

/** The recording that runs now, if any. */
export function runningRecording(state: RoomState): RoomRecording | null {
  return state.recordings.find((recording) => recording.state === 'recording') ?? null;
}
