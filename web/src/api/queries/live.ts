import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { listenLive, type LiveMessage } from '../../core/live/liveSocket';
import type { Review } from '../types';
import { isPlayable } from '../../core/playback/playlist';
import { oneAtATime } from '../../core/time/oneAtATime';
import { renewSignIn } from './auth';
import { reviewQuery, withEvent, withVideo } from './review';

function applied(review: Review, message: LiveMessage): Review {
  if (message.type === 'incident') return withEvent(review, message.event);
  if (message.type === 'video') return withVideo(review, message.video);
  return review;
}

/** A running session tells of its open incidents every second; the score is read again at most this often. */
const REREAD_GAP_MS = 1_000;

/** Keeps the cached review of a session up to date while a page is open; says whether it is connected. */
export function useLiveReview(sessionId: string, enabled: boolean): boolean {
  const queries = useQueryClient();
  const [connected, setConnected] = useState(true);

  useEffect(() => {
    if (!enabled) return;
    const key = reviewQuery(sessionId).queryKey;
    const reread = oneAtATime(() => queries.invalidateQueries({ queryKey: key }), REREAD_GAP_MS);
    const scheme = window.location.protocol === 'https:' ? 'wss' : 'ws';
    const stop = listenLive({
      open: () => new WebSocket(`${scheme}://${window.location.host}/api/v1/sessions/${sessionId}/live`),
      renew: renewSignIn,
      onConnected: setConnected,
      onReconnected: reread,
      onMessage: (message) => {
        if (message.type !== 'session') queries.setQueryData(key, (review: Review | undefined) => review && applied(review, message));
        // A finished video's waveform and the score are in the review only.
        if (message.type !== 'video' || isPlayable(message.video)) reread();
      },
    });
    return () => {
      stop();
      reread.cancel();
    };
  }, [queries, sessionId, enabled]);

  return connected;
}
