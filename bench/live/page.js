// What a page of the benches can do: publish as Viva's web app does, watch, and make its own camera and microphone.
'use strict';

const MAX_BITRATE = 1_500_000;

async function post(path, body) {
  const response = await fetch(path, { method: 'POST', body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return response.json();
}

/** Offers, takes the answer, trickles; `viaRelay` (set by the bench) turns an answer into one that leads elsewhere. */
async function connect(pc, direction, streamId, who) {
  const relayed = typeof window.viaRelay === 'function';
  const queued = [];
  let answered = false;
  const trickle = (candidate) => post('/candidate', { direction, stream_id: streamId, who, candidate });
  pc.onicecandidate = ({ candidate }) => {
    // Behind the relay the server must not find another way to the browser.
    if (relayed || !candidate?.candidate) return;
    if (answered) trickle(candidate.candidate);
    else queued.push(candidate.candidate);
  };
  const offer = await pc.createOffer();
  const sdpToSend = offer.sdp.replace(/^a=rtpmap:(\d+) opus\/48000[^\r\n]*\r\n/im, '$&a=rtcp-fb:$1 nack\r\n');
  await pc.setLocalDescription({ type: 'offer', sdp: direction === 'publish' ? sdpToSend : offer.sdp });
  const { sdp } = await post('/connect', { direction, stream_id: streamId, who, sdp: pc.localDescription.sdp });
  await pc.setRemoteDescription({ type: 'answer', sdp: relayed ? await window.viaRelay(sdp) : sdp });
  answered = true;
  for (const candidate of queued.splice(0)) trickle(candidate);
}

/** Publishes as web/src/core/media/publish.ts does; `log` keeps a copy of every encoded frame. */
window.publish = async (streamId, stream, { log = false } = {}) => {
  const joinedAt = Date.now();
  const pc = new RTCPeerConnection({ bundlePolicy: 'max-bundle', encodedInsertableStreams: log });
  for (const track of stream.getAudioTracks()) pc.addTransceiver(track, { direction: 'sendonly', streams: [stream] });
  const [track] = stream.getVideoTracks();
  track.contentHint = 'motion';
  const encoding = { scalabilityMode: 'L1T3', maxBitrate: MAX_BITRATE, maxFramerate: 30 };
  const video = pc.addTransceiver(track, { direction: 'sendonly', streams: [stream], sendEncodings: [encoding] });
  const { codecs } = RTCRtpSender.getCapabilities('video');
  const vp8 = (codec) => codec.mimeType.toLowerCase() === 'video/vp8';
  video.setCodecPreferences([...codecs.filter(vp8), ...codecs.filter((codec) => !vp8(codec))]);
  const parameters = video.sender.getParameters();
  parameters.degradationPreference = 'maintain-resolution';
  await video.sender.setParameters(parameters);
  if (log) {
    window.sentLog = logSent(video.sender);
    // Streams of a sender hold everything back until they are made.
    for (const other of pc.getSenders()) if (other !== video.sender) passOn(other);
  }
  window.pc = pc;
  await connect(pc, 'publish', streamId, streamId);
  return joinedAt;
};

/** Watches a stream in a video element; resolves with how long it took to be answered, connected, shown, in milliseconds. */
window.watch = async (streamId, who) => {
  const beganAt = performance.now();
  const pc = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
  const media = new MediaStream();
  const video = document.createElement('video');
  Object.assign(video, { muted: true, autoplay: true, playsInline: true, srcObject: media });
  document.body.append(video);
  window.video = video;
  window.pc = pc;
  pc.ontrack = ({ track }) => media.addTrack(track);
  pc.addTransceiver('audio', { direction: 'recvonly' });
  pc.addTransceiver('video', { direction: 'recvonly' });
  const shown = new Promise((resolve) => video.requestVideoFrameCallback(resolve));
  const took = {};
  const passed = () => performance.now() - beganAt;
  pc.addEventListener('connectionstatechange', () => {
    if (pc.connectionState === 'connected') took.connected = passed();
  });
  await connect(pc, 'subscribe', streamId, who);
  took.answered = passed();
  await shown;
  took.shown = passed();
  return took;
};

/** What is being sent: size, frames, target and why it is held back. */
window.sending = async () => {
  for (const report of (await window.pc.getStats()).values()) {
    if (report.type === 'outbound-rtp' && report.kind === 'video') {
      const { frameWidth, frameHeight, framesSent, framesPerSecond, targetBitrate, qualityLimitationReason } = report;
      return { frameWidth, frameHeight, framesSent, framesPerSecond, targetBitrate, qualityLimitationReason };
    }
  }
  return null;
};

/** A copy of every frame the encoder made: rtp timestamp (u32), keyframe (u8), length (u32), data. */
function logSent(sender) {
  const parts = [];
  const { readable, writable } = sender.createEncodedStreams();
  const copy = new TransformStream({
    transform(frame, controller) {
      const head = new DataView(new ArrayBuffer(9));
      head.setUint32(0, frame.getMetadata().rtpTimestamp ?? frame.timestamp);
      head.setUint8(4, frame.type === 'key' ? 1 : 0);
      head.setUint32(5, frame.data.byteLength);
      parts.push(head.buffer, frame.data.slice(0));
      controller.enqueue(frame);
    },
  });
  readable.pipeThrough(copy).pipeTo(writable);
  return parts;
}

function passOn(sender) {
  const { readable, writable } = sender.createEncodedStreams();
  readable.pipeTo(writable);
}

/** Hands the copies to the bench. */
window.uploadSent = (streamId) => fetch(`/sent/${streamId}`, { method: 'POST', body: new Blob(window.sentLog) });

/** Stops the picture; the connection stays, so that what was lost can still be repaired. */
window.stopVideo = () =>
  Promise.all(window.pc.getSenders().filter((sender) => sender.track?.kind === 'video').map((sender) => sender.replaceTrack(null)));

window.camera = (width = 1280, height = 720, audio = true) =>
  navigator.mediaDevices.getUserMedia({ video: { width, height, frameRate: 30 }, audio });

/**
 * A camera and a microphone that see and hear a flash and a beep at every full second of one clock.
 *
 * Frames and sound are made here and written with the time at which they happened, as ideal devices would
 * deliver them: a frame at its moment, ten milliseconds of sound when they are over. Nothing is played or
 * drawn on a screen, so no output latency is in it.
 */
window.beepAndFlash = ({ width = 640, height = 360, audioDelayMs = 0 } = {}) => {
  const RATE = 48_000, CHUNK = 480, FPS = 30, BEEP_MS = 100, TONE_HZ = 1000;
  const video = new MediaStreamTrackGenerator({ kind: 'video' });
  const audio = new MediaStreamTrackGenerator({ kind: 'audio' });
  const [pictures, sounds] = [video.writable.getWriter(), audio.writable.getWriter()];
  const zero = performance.now();
  const late = { video: 0, audio: 0 };
  let frames = 0, chunks = Math.ceil(audioDelayMs / 10);
  const luma = new Uint8Array((width * height * 3) / 2);
  const picture = (index) => {
    const bright = (index % FPS) * (1000 / FPS) < BEEP_MS - 1;
    luma.fill(bright ? 220 : 30, 0, width * height);
    for (let at = 0; at < width; at++) luma[at] = (at + index * 7) % 200; // a line that moves
    luma.fill(128, width * height);
    const timestamp = Math.round(((zero + (index * 1000) / FPS) * 1000));
    return new VideoFrame(luma, { format: 'I420', codedWidth: width, codedHeight: height, timestamp });
  };
  const sound = (index) => {
    const data = new Float32Array(CHUNK);
    const first = (index * CHUNK) % RATE;
    for (let at = 0; at < CHUNK; at++) {
      if (first + at < (BEEP_MS * RATE) / 1000) data[at] = 0.5 * Math.sin((2 * Math.PI * TONE_HZ * (first + at)) / RATE);
    }
    const timestamp = Math.round((zero + index * 10) * 1000);
    return new AudioData({ format: 'f32-planar', sampleRate: RATE, numberOfFrames: CHUNK, numberOfChannels: 1, timestamp, data });
  };
  const tick = () => {
    const now = performance.now() - zero;
    while ((chunks + 1) * 10 <= now) {
      late.audio = Math.max(late.audio, now - (chunks + 1) * 10);
      sounds.write(sound(chunks++));
    }
    while ((frames * 1000) / FPS <= now) {
      late.video = Math.max(late.video, now - (frames * 1000) / FPS);
      pictures.write(picture(frames++));
    }
  };
  window.sourceLate = late;
  setInterval(tick, 4);
  return new MediaStream([video, audio]);
};

const CLOCK_BITS = 20;

/** A camera that films a clock: Unix milliseconds (the last 20 bits) as black and white blocks over moving stripes. */
window.clockCamera = (width = 1280, height = 720) => {
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width, height });
  document.body.append(canvas);
  const context = canvas.getContext('2d', { alpha: false });
  const block = width / CLOCK_BITS;
  const draw = () => {
    const now = Math.round(performance.timeOrigin + performance.now());
    context.fillStyle = '#777';
    context.fillRect(0, 0, width, height);
    context.fillStyle = '#a55';
    context.fillRect((now / 5) % width, height / 2, 80, height / 3);
    for (let bit = 0; bit < CLOCK_BITS; bit++) {
      const one = Math.floor(now / 2 ** bit) % 2;
      context.fillStyle = one ? '#fff' : '#000';
      context.fillRect(bit * block, 0, block, height / 8);
      context.fillStyle = one ? '#000' : '#fff';
      context.fillRect(bit * block, height / 8, block, height / 8);
    }
    requestAnimationFrame(draw);
  };
  draw();
  return canvas.captureStream(30);
};

/** Reads the filmed clock out of every frame the viewer shows; latencies in milliseconds, for so long. */
window.glassToGlass = (seconds) =>
  new Promise((resolve) => {
    const video = window.video;
    const canvas = new OffscreenCanvas(1, 1);
    const context = canvas.getContext('2d', { willReadFrequently: true });
    const found = { latencies: [], unreadable: 0 };
    const until = performance.now() + seconds * 1000;
    const read = (shownAt) => {
      const width = CLOCK_BITS * 4;
      canvas.width = width;
      canvas.height = 2;
      context.drawImage(video, 0, 0, video.videoWidth, video.videoHeight / 4, 0, 0, width, 2);
      const pixels = context.getImageData(0, 0, width, 2).data;
      let value = 0;
      for (let bit = 0; bit < CLOCK_BITS; bit++) {
        const at = (bit * 4 + 2) * 4;
        const [upper, lower] = [pixels[at], pixels[at + width * 4]];
        if (Math.abs(upper - lower) < 80) return void found.unreadable++;
        if (upper > lower) value += 2 ** bit;
      }
      const modulus = 2 ** CLOCK_BITS;
      found.latencies.push((((shownAt - value) % modulus) + modulus) % modulus);
    };
    const next = () => {
      read(performance.timeOrigin + performance.now());
      if (performance.now() < until) video.requestVideoFrameCallback(next);
      else resolve(found);
    };
    video.requestVideoFrameCallback(next);
  });
