import { describe, expect, it } from 'vitest';
import type { Participant, ServerMessage, StreamInfo } from '../signalling/messages';
import { EMPTY_ROOM, others, othersStreams, roomReducer, runningRecording, type RoomState } from './room';

const person = (id: string, connected = true, place: Participant['place'] = 'in_room'): Participant => ({
  participant_id: id,
  full_name: id,
  role: 'candidate',
  place,
  connected,
  muted: { audio: false, video: false },
});
const stream = (id: string, owner: string): StreamInfo => ({ stream_id: id, participant_id: owner, source: 'camera', has_audio: true, has_video: true });
const room = { participants: [person('me')], streams: [], recordings: [], session_status: 'in_progress', server_time: '' };
const welcome = (resumed: boolean): ServerMessage => ({
  type: 'welcome',
  participant_id: 'me',
  resume_token: 't',
  resumed,
  role: 'candidate',
  ice_servers: [],
  room,
});
const play = (messages: ServerMessage[], nowMs = 0): RoomState => messages.reduce((state, message) => roomReducer(state, message, nowMs), EMPTY_ROOM);

describe('roomReducer', () => {
  it('takes the snapshot of a welcome as the whole truth', () => {
    const state = play([welcome(false), { type: 'participant_joined', participant: person('old') }, welcome(true)]);
    expect(state.participants.map((participant) => participant.participant_id)).toEqual(['me']);
  });

  it('stays entered after a resume and not after a fresh seat', () => {
    const entered: ServerMessage[] = [welcome(false), { type: 'entered', ice_servers: [], room }];
    expect(play([...entered, welcome(true)]).entered).toBe(true);
    expect(play([...entered, welcome(false)]).entered).toBe(false);
  });

  it('waits at the door until admitted, also through a resume', () => {
    const waiting = play([welcome(false), { type: 'waiting', ice_servers: [], room }]);
    expect(waiting).toMatchObject({ waiting: true, entered: false });
    expect(roomReducer(waiting, welcome(true), 0).waiting).toBe(true);
    expect(roomReducer(waiting, welcome(false), 0).waiting).toBe(false);
    expect(roomReducer(waiting, { type: 'entered', ice_servers: [], room }, 0)).toMatchObject({ waiting: false, entered: true });
  });

  it('tells those in the room from those at the door', () => {
    const knocked = play([welcome(false), { type: 'participant_joined', participant: person('you', true, 'waiting') }]);
    expect(others(knocked, 'waiting').map((item) => item.full_name)).toEqual(['you']);
    expect(others(knocked, 'in_room')).toEqual([]);
    const admitted = roomReducer(knocked, { type: 'participant_changed', participant: person('you') }, 0);
    expect(others(admitted, 'waiting')).toEqual([]);
    expect(others(admitted, 'in_room')).toHaveLength(1);
  });

  it('says by name who asked to mute', () => {
    const state = play([welcome(false), { type: 'participant_joined', participant: person('Ivan') }, { type: 'mute_asked', kind: 'audio', by: 'Ivan' }]);
    expect(state.mutedBy).toEqual({ kind: 'audio', name: 'Ivan' });
  });

  it('removes the streams of who left', () => {
    const state = play([
      welcome(false),
      { type: 'participant_joined', participant: person('you') },
      { type: 'stream_added', stream: stream('s1', 'you') },
      { type: 'stream_added', stream: stream('s2', 'me') },
    ]);
    expect(othersStreams(state).map((item) => item.stream_id)).toEqual(['s1']);
    expect(othersStreams(roomReducer(state, { type: 'participant_left', participant_id: 'you', reason: 'left' }, 0))).toEqual([]);
  });

  it('keeps the start of a recording through later messages', () => {
    const base = { type: 'recording', video_id: 'v', question_id: null, participant_id: 'me' } as const;
    const started = roomReducer(EMPTY_ROOM, { ...base, state: 'recording', offset_ms: 2_000 }, 10_000);
    expect(runningRecording(started)?.sinceMs).toBe(8_000);
    expect(runningRecording(roomReducer(started, { ...base, state: 'recording', offset_ms: 0 }, 50_000))?.sinceMs).toBe(8_000);
    expect(runningRecording(roomReducer(started, { ...base, state: 'ready', offset_ms: 0 }, 60_000))).toBeNull();
  });
});
