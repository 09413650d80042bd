import type { ProctoringEvent } from '../../api/types';
import type { Notice } from '../watch/notices';

/** The messages of docs/PROTOCOL.md. */
export type StreamSource = 'camera' | 'screen';
export type Direction = 'publish' | 'subscribe' | 'channel';
export type TrackKind = 'audio' | 'video';

/** An observer sees and hears the room and takes no part in it. */
export type RoomRole = 'candidate' | 'interviewer' | 'observer';
export type Place = 'checking' | 'waiting' | 'in_room';

export interface Participant {
  participant_id: string;
  full_name: string;
  role: RoomRole;
  place: Place;
  connected: boolean;
  muted: { audio: boolean; video: boolean };
}

export interface StreamInfo {
  stream_id: string;
  participant_id: string;
  source: StreamSource;
  has_audio: boolean;
  has_video: boolean;
}

export interface Recording {
  video_id: string;
  question_id: string | null;
  participant_id: string;
  state: 'starting' | 'recording' | 'finalising' | 'ready' | 'failed';
  /** Milliseconds recorded when the message was sent. */
  offset_ms: number | null;
  error?: string | null;
}

export interface RoomSnapshot {
  participants: Participant[];
  streams: StreamInfo[];
  recordings: Recording[];
  session_status: string;
  server_time: string;
}

export interface StreamStats {
  stream_id: string;
  width: number | null;
  height: number | null;
  fps: number | null;
  kbps: number | null;
  audio_level_db: number | null;
  packets_lost: number | null;
}

export type ClientMessage =
  | { type: 'hello'; resume_token?: string; take_over?: boolean }
  | { type: 'publish'; stream_id: string; source: StreamSource; sdp: string }
  | { type: 'subscribe' | 'channel'; stream_id: string; sdp: string }
  | {
      type: 'candidate';
      stream_id: string;
      direction: Direction;
      candidate: string | null;
      sdp_mid?: string;
      sdp_m_line_index?: number;
    }
  | { type: 'unpublish' | 'unsubscribe'; stream_id: string }
  | { type: 'enter' | 'leave' | 'end_session' }
  | { type: 'start_answer'; question_id: string }
  | { type: 'finish_answer'; video_id: string }
  | { type: 'admit' | 'remove'; participant_id: string }
  | { type: 'ask_mute'; participant_id: string; kind: TrackKind }
  | { type: 'mute'; kind: TrackKind; muted: boolean }
  | ({ type: 'noticed' } & Notice)
  | { type: 'ping'; sent_at_ms: number };

export interface Welcome {
  type: 'welcome';
  participant_id: string;
  resume_token: string;
  resumed: boolean;
  role: RoomRole;
  ice_servers: RTCIceServer[];
  room: RoomSnapshot;
}

export type ServerMessage = { ref?: string | null } & (
  | Welcome
  | { type: 'answer'; stream_id: string; direction: Direction; sdp: string }
  /** With fresh credentials: those of `welcome` may have run out while the page was open. */
  | { type: 'entered' | 'waiting'; ice_servers: RTCIceServer[]; room: RoomSnapshot }
  | { type: 'mute_asked'; kind: TrackKind; by: string }
  | { type: 'participant_joined' | 'participant_changed'; participant: Participant }
  | { type: 'participant_left'; participant_id: string; reason: 'left' | 'timeout' | 'replaced' | 'removed' | 'ended' }
  | { type: 'stream_added'; stream: StreamInfo }
  | { type: 'stream_removed'; stream_id: string }
  | ({ type: 'stream_stats' } & StreamStats)
  | { type: 'speaking'; participant_id: string | null }
  | ({ type: 'recording' } & Recording)
  | { type: 'incident'; event: ProctoringEvent; phase: 'opened' | 'updated' | 'closed' }
  | { type: 'session_ended'; ended_at: string; reason: string }
  | { type: 'noted'; id: string; kept: boolean }
  | { type: 'pong'; sent_at_ms: number; server_time: string }
  | { type: 'bye' }
  | { type: 'error'; error: string; detail: string; fatal?: boolean }
);

export type ServerMessageOf<T extends ServerMessage['type']> = Extract<ServerMessage, { type: T }>;

/** The message in a text frame, or null when it is none of ours (a newer server may know more). */
export function parseServerMessage(data: unknown): ServerMessage | null {
  if (typeof data !== 'string') return null;
  try {
    const value: unknown = JSON.parse(data);
    const isMessage = typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';
    return isMessage ? (value as ServerMessage) : null;
  } catch {
    return null;
  }
}

/** A refusal that came over the socket, or its loss (`connection_lost`). */
export class SignallingError extends Error {
  constructor(
    readonly code: string,
    readonly detail: string,
  ) {
    super(`${code}: ${detail}`);
    this.name = 'SignallingError';
  }
}
