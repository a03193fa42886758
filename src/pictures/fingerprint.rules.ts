/** A picture shrunk to so few grey pixels that what is left of it survives compression, scaling and a change of light. */
export const FINGERPRINT_WIDTH = 9;
export const FINGERPRINT_HEIGHT = 8;

/**
 * The difference hash of 9 × 8 grey pixels, row by row, as 16 hexadecimal digits: each of its 64 bits says whether a pixel is
 * brighter than its neighbour to the left. Two pictures of which few bits differ look alike.
 */
export function fingerprintOf(grey: Uint8Array): string {
  let bits = '';
  for (let row = 0; row < FINGERPRINT_HEIGHT; row += 1)
    for (let column = 1; column < FINGERPRINT_WIDTH; column += 1) {
      const at = row * FINGERPRINT_WIDTH + column;
      bits += (grey[at] ?? 0) > (grey[at - 1] ?? 0) ? '1' : '0';
    }
  return BigInt(`0b${bits}`).toString(16).padStart(16, '0');
}
