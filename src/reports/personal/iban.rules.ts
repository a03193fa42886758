/** How many signs the IBANs of a country have, by the registry of SWIFT. */
const LENGTHS = new Map(
  (
    'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 DZ26 EE20 EG29 ES24 FI18 FO18 ' +
    'FR27 GB22 GE22 GI23 GL18 GR27 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LI21 LT20 LU20 LV21 MA28 MC27 MD24 ' +
    'ME22 MK19 MR27 MT31 MU30 NL18 NO15 PK24 PL28 PS29 PT25 QA29 RO24 RS22 SA24 SE24 SI19 SK24 SM27 SN28 TN24 TR26 UA29 VA22 XK20'
  )
    .split(' ')
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
);

/** For a folded text. It may take words behind the number along, which `ibanIn` leaves out. */
export const IBAN =
  /(?<![\p{L}\p{N}])[A-Za-z]{2}[^\p{L}\p{N}]{0,3}\d(?:[^\p{L}\p{N}]{0,3}[A-Za-z\d]){12,32}(?![\p{L}\p{N}])/gu;

/** The IBAN that a text begins with, as it is written, or nothing: as long as its country has it, with the right check digits. */
export function ibanIn(found: string): string {
  const length = LENGTHS.get(found.slice(0, 2).toUpperCase()) ?? 0;
  const [written = ''] =
    new RegExp(`^(?:[A-Z\\d][^A-Z\\d]*){${length - 1}}[A-Z\\d](?![A-Z\\d])`, 'i').exec(found) ?? [];
  return length > 0 && isIban(written.replace(/[^A-Z\d]/gi, '').toUpperCase()) ? written : '';
}

/** Whether the check digits are right, or it is made as a French one is. */
function isIban(plain: string): boolean {
  if (/^FR\d{12}[A-Z\d]{11}\d{2}$/.test(plain)) return true;
  const turned = plain.slice(4) + plain.slice(0, 4);
  const digits = turned.replace(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55));
  return /^\d+$/.test(digits) && BigInt(digits) % 97n === 1n;
}
