import { describe, expect, it } from 'vitest';
import { deviceChanges, switches } from './devices';

const device = (kind: string, deviceId: string, label = deviceId) => ({ kind, deviceId, label });
const webcam = device('videoinput', 'a', 'Webcam');
const headset = device('audioinput', 'b', 'Headset');

describe('deviceChanges', () => {
  it('names what came and what went', () => {
    expect(deviceChanges([webcam], [headset])).toEqual([
      { kind: 'camera', change: 'removed', name: 'Webcam' },
      { kind: 'microphone', change: 'added', name: 'Headset' },
    ]);
  });

  it('leaves loudspeakers and aliases alone', () => {
    const speaker = device('audiooutput', 'c');
    const alias = device('audioinput', 'default', 'Default - Headset');
    expect(deviceChanges([webcam], [webcam, speaker, alias])).toEqual([]);
  });

  it('tells no name that is longer than the server takes', () => {
    expect(deviceChanges([], [device('videoinput', 'x', 'n'.repeat(500))])[0]?.name).toHaveLength(200);
  });
});

describe('switches', () => {
  it('tells which device replaced which', () => {
    const before = { camera: 'Webcam', microphone: 'Headset' };
    expect(switches(before, { ...before, camera: 'Other' })).toEqual([{ kind: 'camera', change: 'switched', name: 'Other', before: 'Webcam' }]);
  });

  it('takes the first devices, and missing ones, for no exchange', () => {
    expect(switches({ camera: null, microphone: null }, { camera: 'Webcam', microphone: 'Headset' })).toEqual([]);
    expect(switches({ camera: 'Webcam', microphone: 'Headset' }, { camera: 'Webcam', microphone: null })).toEqual([]);
  });
});
