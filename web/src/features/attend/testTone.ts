const STARTS_S = [0, 0.35, 0.7];
const LENGTH_S = 0.25;

/** Three short tones through the speakers; soft edges, so that they do not click. */
export function playTestTone(): void {
  const context = new AudioContext();
  for (const [index, start] of STARTS_S.entries()) {
    const at = context.currentTime + 0.05 + start;
    const oscillator = context.createOscillator();
    const gain = context.createGain();
    oscillator.frequency.value = 440 * 2 ** ((index * 4) / 12);
    gain.gain.setValueAtTime(0, at);
    gain.gain.linearRampToValueAtTime(0.25, at + 0.03);
    gain.gain.linearRampToValueAtTime(0, at + LENGTH_S);
    oscillator.connect(gain).connect(context.destination);
    oscillator.start(at);
    oscillator.stop(at + LENGTH_S);
  }
  setTimeout(() => void context.close(), 2_000);
}
