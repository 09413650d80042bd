import { useEffect, useState } from 'react';
import type { Device } from '../../core/media/capture';
import { useConnection, useLocalStream } from '../../session/context';
import { text } from '../../text';
import { ErrorNote } from '../../ui/ErrorNote';

const KIND: Record<Device, MediaDeviceKind> = { camera: 'videoinput', microphone: 'audioinput' };

/** Devices of one kind; read again when something is plugged in. Names are known only once a device is in use. */
function useDevices(device: Device, stream: MediaStream | null): MediaDeviceInfo[] {
  const [devices, setDevices] = useState<MediaDeviceInfo[]>([]);
  useEffect(() => {
    if (!('mediaDevices' in navigator)) return;
    const read = () =>
      void navigator.mediaDevices
        .enumerateDevices()
        .then((all) => setDevices(all.filter((item) => item.kind === KIND[device] && item.deviceId !== '')));
    read();
    navigator.mediaDevices.addEventListener('devicechange', read);
    return () => navigator.mediaDevices.removeEventListener('devicechange', read);
  }, [device, stream]);
  return devices;
}

/** Chooses the camera or microphone; hidden while there is only one. */
export function DeviceChoice({ device }: { device: Device }) {
  const connection = useConnection();
  const stream = useLocalStream();
  const devices = useDevices(device, stream);
  const [error, setError] = useState<unknown>(null);
  const track = stream?.getTracks().find((item) => item.kind === (device === 'camera' ? 'video' : 'audio'));
  if (devices.length < 2) return null;

  const choose = (deviceId: string) => {
    setError(null);
    connection.switchDevice(device, deviceId).catch(setError);
  };
  return (
    <>
      <select
        aria-label={device === 'camera' ? text.attend.check.chooseCamera : text.attend.check.chooseMicrophone}
        value={track?.getSettings().deviceId ?? ''}
        onChange={(event) => choose(event.currentTarget.value)}
      >
        {devices.map((item, index) => (
          <option key={item.deviceId} value={item.deviceId}>
            {item.label || text.attend.check.defaultDevice(index + 1)}
          </option>
        ))}
      </select>
      <ErrorNote error={error} />
    </>
  );
}
