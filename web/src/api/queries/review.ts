import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client, unwrap } from '../client';
import type { ProctoringEvent, Review, Verdict, Video } from '../types';

export const reviewQuery = (sessionId: string) =>
  queryOptions({
    queryKey: ['review', sessionId],
    queryFn: () => unwrap(client.GET('/api/v1/sessions/{session_id}/review', { params: { path: { session_id: sessionId } } })),
  });

export const useReview = (sessionId: string) => useQuery(reviewQuery(sessionId));

/** Puts one event into a review, replacing the older version of it. */
export function withEvent(review: Review, event: ProctoringEvent): Review {
  const known = review.events.some((other) => other.id === event.id);
  const events = known ? review.events.map((other) => (other.id === event.id ? event : other)) : [...review.events, event];
  return { ...review, events };
}

/** Puts one video into a review, replacing the older version of it. */
export function withVideo(review: Review, video: Video): Review {
  const known = review.videos.some((other) => other.id === video.id);
  const videos = known ? review.videos.map((other) => (other.id === video.id ? video : other)) : [...review.videos, video];
  return { ...review, videos };
}

interface EventPatch {
  eventId: string;
  verdict?: Verdict | null;
  reviewer_notes?: string | null;
}

/** A review as it will be when this change has arrived; a null leaves its field as it is. */
export function withPatch(review: Review, { eventId, verdict, reviewer_notes }: EventPatch): Review {
  const event = review.events.find((each) => each.id === eventId);
  if (!event) return review;
  return withEvent(review, { ...event, verdict: verdict ?? event.verdict, reviewer_notes: reviewer_notes ?? event.reviewer_notes });
}

/** Changes one event: on screen at once, at the server one after the other, so that a quick hand never waits or overtakes itself. */
export function usePatchEvent(sessionId: string) {
  const queries = useQueryClient();
  const key = reviewQuery(sessionId).queryKey;
  const mutationKey = ['review', sessionId, 'event'];
  /** What the server says would undo on screen what still waits to be sent. */
  const last = () => queries.isMutating({ mutationKey }) <= 1;
  return useMutation({
    mutationKey,
    scope: { id: mutationKey.join(' ') },
    mutationFn: ({ eventId, verdict = null, reviewer_notes = null }: EventPatch) =>
      unwrap(client.PATCH('/api/v1/events/{event_id}', { params: { path: { event_id: eventId } }, body: { verdict, reviewer_notes } })),
    onMutate: async (patch) => {
      // A review that was asked for before would overwrite this.
      await queries.cancelQueries({ queryKey: key });
      queries.setQueryData(key, (review: Review | undefined) => review && withPatch(review, patch));
    },
    onSuccess: (event) => {
      if (last()) queries.setQueryData(key, (review: Review | undefined) => review && withEvent(review, event));
    },
    // The score is a sum over all events that only the server makes; what it refused comes back as it was.
    onSettled: () => {
      if (last()) void queries.invalidateQueries({ queryKey: key });
    },
  });
}

export function usePatchVideo(sessionId: string) {
  const queries = useQueryClient();
  const key = reviewQuery(sessionId).queryKey;
  return useMutation({
    mutationFn: ({ videoId, feedback }: { videoId: string; feedback: string }) =>
      unwrap(client.PATCH('/api/v1/videos/{video_id}', { params: { path: { video_id: videoId } }, body: { feedback } })),
    onSuccess: (video) => queries.setQueryData(key, (review: Review | undefined) => review && withVideo(review, video)),
  });
}
