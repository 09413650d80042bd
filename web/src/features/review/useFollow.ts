import { useEffect, type RefObject } from 'react';
import { correction } from '../../core/playback/step';

const LOOK_MS = 250;
const LEADER_EVENTS = ['timeupdate', 'play', 'playing', 'pause', 'waiting', 'seeking', 'seeked', 'ratechange'] as const;
const FOLLOWER_EVENTS = ['loadedmetadata', 'canplay', 'seeked'] as const;

/** Looks once how far the follower is off, and puts it right. */
function look(leader: HTMLVideoElement, follower: HTMLVideoElement, addMs: number): void {
  if (follower.readyState < HTMLMediaElement.HAVE_METADATA || follower.seeking) return;
  const target = leader.currentTime + addMs / 1000;
  const inside = target >= 0 && target < follower.duration;
  const playing = inside && !leader.paused && !leader.seeking && leader.readyState >= HTMLMediaElement.HAVE_FUTURE_DATA;
  const { seek, rate } = correction((follower.currentTime - target) * 1000, leader.playbackRate, playing);
  if (seek && inside) follower.currentTime = target;
  follower.playbackRate = rate;
  if (playing && follower.paused) follower.play().catch(() => undefined);
  if (!playing && !follower.paused) follower.pause();
}

/** Keeps a second video in step with the one that leads: it plays, stands, seeks and hurries with it, `addMs` further on. */
export function useFollow(lead: RefObject<HTMLVideoElement | null>, follow: RefObject<HTMLVideoElement | null>, addMs: number, leadId: string): void {
  useEffect(() => {
    const leader = lead.current;
    const follower = follow.current;
    if (!leader || !follower) return;
    const onLook = () => look(leader, follower, addMs);
    for (const name of LEADER_EVENTS) leader.addEventListener(name, onLook);
    for (const name of FOLLOWER_EVENTS) follower.addEventListener(name, onLook);
    const timer = setInterval(onLook, LOOK_MS);
    onLook();
    return () => {
      clearInterval(timer);
      for (const name of LEADER_EVENTS) leader.removeEventListener(name, onLook);
      for (const name of FOLLOWER_EVENTS) follower.removeEventListener(name, onLook);
    };
    // Another leading video is another element.
  }, [lead, follow, addMs, leadId]);
}
