import { named, type NoticeDetails } from './notices';

/** As much of MediaDeviceInfo as matters here. */
export interface KnownDevice {
  deviceId: string;
  kind: string;
  label: string;
}

const DEVICE = { videoinput: 'camera', audioinput: 'microphone' } as const;
const isInput = (device: KnownDevice): device is KnownDevice & { kind: keyof typeof DEVICE } => device.kind in DEVICE;
/** Browsers list the standard device a second time under these names; it follows what is plugged in. */
const ALIASES = new Set(['default', 'communications']);

const inputs = (devices: readonly KnownDevice[]) => devices.filter(isInput).filter((device) => !ALIASES.has(device.deviceId));

/** What was plugged in or taken away between two looks; loudspeakers are nobody's business. */
export function deviceChanges(before: readonly KnownDevice[], after: readonly KnownDevice[]): NoticeDetails[] {
  const missingIn = (others: readonly KnownDevice[]) => (device: KnownDevice) =>
    !others.some((other) => other.kind === device.kind && other.deviceId === device.deviceId);
  const added = inputs(after).filter(missingIn(before));
  const removed = inputs(before).filter(missingIn(after));
  return [
    ...removed.map((device): NoticeDetails => ({ kind: DEVICE[device.kind], change: 'removed', name: named(device.label) })),
    ...added.map((device): NoticeDetails => ({ kind: DEVICE[device.kind], change: 'added', name: named(device.label) })),
  ];
}

/** The labels of the camera and microphone that are in use; null where there is none. */
export interface InUse {
  camera: string | null;
  microphone: string | null;
}

/** What was exchanged while it was in use: a device that only comes or goes is no exchange. */
export function switches(before: InUse, after: InUse): NoticeDetails[] {
  const kinds = ['camera', 'microphone'] as const;
  return kinds.flatMap((kind): NoticeDetails[] => {
    const [was, is] = [before[kind], after[kind]];
    if (was === null || is === null || was === is) return [];
    return [{ kind, change: 'switched', name: named(is), before: named(was) }];
  });
}
