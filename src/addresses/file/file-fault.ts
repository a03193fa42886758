/** Why a file of addresses is not taken, line after line, in words for the operator. */
export class AddressFileFault extends Error {
  override readonly name = 'AddressFileFault';

  constructor(faults: readonly string[]) {
    super(`the addresses stay as they were: ${faults.join('\n  ')}`);
  }
}
