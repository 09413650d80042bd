/* Looks over a page's shoulder: what it captures, connects, receives and shows. Installed before its own scripts. */
(() => {
  const FPS = 15, BITS = 11, BLOCKS = 16, ACROSS = 40, LEAST_CONTRAST = 60;
  const viva = (window.viva = { captures: 0, cameras: [], connections: [], shown: [], incidents: {} });

  const devices = navigator.mediaDevices;
  if (devices) {
    const ask = devices.getUserMedia.bind(devices);
    devices.getUserMedia = (wanted) => {
      viva.captures += 1;
      // The film has this many; more would be the same pictures again, and cost a small machine its breath.
      const video = wanted.video && { ...(wanted.video === true ? {} : wanted.video), frameRate: { ideal: FPS, max: FPS } };
      return ask({ ...wanted, video }).then((stream) => {
        viva.cameras.push(...stream.getVideoTracks());
        return stream;
      });
    };
  }

  const Connection = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Connection {
    constructor(...given) {
      super(...given);
      viva.connections.push(this);
    }

    addTransceiver(track, init) {
      const most = (window.mostKbps ?? Infinity) * 1000;
      for (const encoding of init?.sendEncodings ?? []) if (encoding.maxBitrate > most) encoding.maxBitrate = most;
      return super.addTransceiver(track, init);
    }
  };

  /** The number of the film's frame that a video element shows; null when there is none to be read. */
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d', { willReadFrequently: true });
  viva.read = (video) => {
    if (!video?.videoWidth) return null;
    const block = video.videoWidth / ACROSS;
    const width = Math.ceil(block * BLOCKS), height = Math.ceil(block);
    if (canvas.width !== width) Object.assign(canvas, { width, height });
    context.drawImage(video, 0, 0, width, height, 0, 0, width, height);
    const pixels = context.getImageData(0, 0, width, height).data;
    const seen = [];
    for (let place = 0; place < BLOCKS; place++) {
      let sum = 0, count = 0;
      for (let y = Math.round(block * 0.3); y < block * 0.7; y++)
        for (let x = Math.round((place + 0.3) * block); x < (place + 0.7) * block; x++, count++) sum += pixels[4 * (y * width + x) + 1];
      seen.push(sum / count);
    }
    const [white, black] = seen;
    if (white - black < LEAST_CONTRAST) return null;
    const bits = seen.map((value) => Number(value > (white + black) / 2));
    const gray = bits.slice(2, 2 + BITS).reduce((number, bit) => 2 * number + bit, 0);
    const check = bits.slice(2 + BITS).reduce((number, bit) => 2 * number + bit, 0);
    if (((gray ^ (gray >> 3) ^ (gray >> 6) ^ (gray >> 9)) & 7) !== check) return null;
    return [1, 2, 4, 8].reduce((number, shift) => number ^ (number >> shift), gray);
  };

  /** From now on notes each number that the own picture shows, and when (Unix milliseconds). */
  viva.note = () => {
    let watched = null;
    const look = (video) => () => {
      if (video !== watched) return;
      const number = viva.read(video);
      if (number !== null && viva.shown.at(-1)?.[0] !== number) viva.shown.push([number, Date.now()]);
      video.requestVideoFrameCallback(look(video));
    };
    const find = () => {
      const video = document.querySelector('[data-testid=self-video]');
      if (video && video !== watched) {
        watched = video;
        video.requestVideoFrameCallback(look(video));
      }
    };
    find();
    setInterval(find, 100);
  };

  /** The first frame that a player shows after its next seek: its time in the file (s) and its number. */
  viva.awaitSeek = (video) => {
    viva.sought = null;
    const shown = (_now, { mediaTime }) => {
      if (video.seeking) video.requestVideoFrameCallback(shown);
      else viva.sought = [mediaTime, viva.read(video)];
    };
    video.addEventListener('seeking', () => video.requestVideoFrameCallback(shown), { once: true });
  };

  /** Frames captured, encoded and decoded, and sound heard, over all connections. */
  viva.stats = async () => {
    const sums = { captured: 0, encoded: 0, decoded: 0, samples: 0, energy: 0 };
    for (const camera of viva.cameras) sums.captured += camera.stats.deliveredFrames;
    for (const connection of viva.connections)
      for (const report of (await connection.getStats()).values()) {
        if (report.type === 'outbound-rtp' && report.kind === 'video') sums.encoded += report.framesEncoded ?? 0;
        if (report.type !== 'inbound-rtp') continue;
        sums.decoded += report.framesDecoded ?? 0;
        sums.samples += report.totalSamplesReceived ?? 0;
        sums.energy += report.totalAudioEnergy ?? 0;
      }
    return sums;
  };

  /** What the pictures and sounds of all connections are encrypted with. */
  viva.ciphers = async () => {
    const found = new Set();
    for (const connection of viva.connections) {
      const reports = [...(await connection.getStats()).values()];
      if (reports.some((report) => report.type === 'outbound-rtp' || report.type === 'inbound-rtp'))
        for (const report of reports) if (report.type === 'transport' && report.srtpCipher) found.add(report.srtpCipher);
    }
    return [...found];
  };

  // When each kind of incident first appeared on this screen (Unix milliseconds).
  const appeared = () =>
    document.querySelectorAll('[data-testid=live-incident]').forEach((item) => (viva.incidents[item.dataset.eventType] ??= Date.now()));
  new MutationObserver(appeared).observe(document, { childList: true, subtree: true });
})();
