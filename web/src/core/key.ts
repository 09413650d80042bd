/** A word nobody has said before: 128 random bits in hexadecimal; works on pages without TLS too. */
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
