import { useEffect, useState } from 'react';
import { isAudible, levelDb, meterPosition, smoothed } from '../core/media/level';

const EVERY_MS = 50;

/** How loud the stream's microphone is, 0 to 1, and whether it was ever heard. */
export function useMicLevel(stream: MediaStream | null): { level: number; heard: boolean } {
  const [state, setState] = useState({ level: 0, heard: false });

  useEffect(() => {
    const track = stream?.getAudioTracks()[0];
    if (!track) return;
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    analyser.fftSize = 1024;
    context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    const timer = setInterval(() => {
      // Without a click the browser may start the context suspended; it resumes with the next gesture.
      if (context.state === 'suspended') void context.resume();
      analyser.getFloatTimeDomainData(samples);
      const db = levelDb(samples);
      setState((old) => ({ level: smoothed(old.level, meterPosition(db), EVERY_MS), heard: old.heard || isAudible(db) }));
    }, EVERY_MS);
    return () => {
      clearInterval(timer);
      void context.close();
      setState({ level: 0, heard: false });
    };
  }, [stream]);

  return state;
}
