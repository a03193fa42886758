/** A number in these digits, with zeros before it up to a length: keys are written so. */
export function inDigits(value: bigint, digits: string, length: number): string {
  const base = BigInt(digits.length);
  let written = '';
  for (let left = value; left > 0n; left /= base) written = digits.charAt(Number(left % base)) + written;
  return written.padStart(length, digits.charAt(0));
}
