/** Why a camera or microphone cannot be used; stable codes, also written to `data-error`. */
export type CaptureErrorCode =
  | 'camera_refused'
  | 'camera_missing'
  | 'camera_busy'
  | 'microphone_refused'
  | 'microphone_missing'
  | 'microphone_busy'
  | 'insecure_context';

export class CaptureError extends Error {
  constructor(readonly code: CaptureErrorCode) {
    super(code);
    this.name = 'CaptureError';
  }
}

export interface DeviceChoice {
  cameraId: string | null;
  microphoneId: string | null;
}

export type Device = 'camera' | 'microphone';

const VIDEO: MediaTrackConstraints = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30, max: 30 } };
const AUDIO: MediaTrackConstraints = { channelCount: { ideal: 1 }, echoCancellation: true, noiseSuppression: true, autoGainControl: true };

export function videoConstraints(cameraId: string | null): MediaTrackConstraints {
  return cameraId ? { ...VIDEO, deviceId: { exact: cameraId } } : VIDEO;
}

export function audioConstraints(microphoneId: string | null): MediaTrackConstraints {
  return microphoneId ? { ...AUDIO, deviceId: { exact: microphoneId } } : AUDIO;
}

/** Which of our codes an exception of getUserMedia for one device means. */
export function captureErrorCode(errorName: string, device: Device): CaptureErrorCode {
  switch (errorName) {
    case 'NotFoundError':
    case 'OverconstrainedError':
    case 'DevicesNotFoundError':
      return `${device}_missing`;
    case 'NotReadableError':
    case 'AbortError':
    case 'TrackStartError':
      return `${device}_busy`;
    default:
      return `${device}_refused`;
  }
}

type GetUserMedia = (constraints: MediaStreamConstraints) => Promise<MediaStream>;

const errorName = (error: unknown): string => (error instanceof Error || error instanceof DOMException ? error.name : '');

/**
 * Camera and microphone as one stream.
 *
 * Both are asked for together (one prompt). When that fails, the camera and then the microphone are tried alone, to
 * name the one that is at fault; a chosen one that is gone gives way to another. Throws CaptureError.
 */
export async function capture(choice: DeviceChoice, getUserMedia: GetUserMedia | undefined): Promise<MediaStream> {
  if (!getUserMedia) throw new CaptureError('insecure_context');
  const { cameraId, microphoneId } = choice;
  const both = await getUserMedia({ video: videoConstraints(cameraId), audio: audioConstraints(microphoneId) }).catch(() => null);
  if (both && isWhole(both)) return both;
  stop(both);
  const camera = await anyOf(getUserMedia, 'camera', cameraId);
  const microphone = await anyOf(getUserMedia, 'microphone', microphoneId).catch((error: unknown) => {
    stop(camera);
    throw error;
  });
  return new MediaStream([...camera.getTracks(), ...microphone.getTracks()]);
}

/** Chromium leaves out, without an error, what a page's permissions policy forbids. */
function isWhole(stream: MediaStream): boolean {
  return new Set(stream.getTracks().map((track) => track.kind)).size === 2;
}

const constraintsOf = (device: Device, deviceId: string | null): MediaStreamConstraints =>
  device === 'camera' ? { video: videoConstraints(deviceId) } : { audio: audioConstraints(deviceId) };

async function anyOf(getUserMedia: GetUserMedia, device: Device, deviceId: string | null): Promise<MediaStream> {
  const chosen = alone(getUserMedia, constraintsOf(device, deviceId), device);
  return chosen.catch((error: unknown) => {
    const gone = deviceId !== null && error instanceof CaptureError && error.code === `${device}_missing`;
    if (!gone) throw error;
    return alone(getUserMedia, constraintsOf(device, null), device);
  });
}

async function alone(getUserMedia: GetUserMedia, constraints: MediaStreamConstraints, device: Device): Promise<MediaStream> {
  try {
    return await getUserMedia(constraints);
  } catch (error) {
    throw new CaptureError(captureErrorCode(errorName(error), device));
  }
}

/** One track of another device, to replace the running one. Throws CaptureError. */
export async function captureTrack(device: Device, deviceId: string, getUserMedia: GetUserMedia): Promise<MediaStreamTrack> {
  const track = (await alone(getUserMedia, constraintsOf(device, deviceId), device)).getTracks()[0];
  if (!track) throw new CaptureError(`${device}_missing`);
  return track;
}

export function stop(stream: MediaStream | null): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}
