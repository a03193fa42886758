import { KEY_ISSUER } from './keys/api-key.rules.ts';
import { SEALED_ISSUER } from './sealed/sealed-key.rules.ts';

/** The issuer of the account that reads feeds for the hub: no issuer of tokens has an address like this one. */
export const HUB_ISSUER = 'tocsin';

/** Issuers of accounts that are no people: what they may do was said when they were made. */
export const OWN_ISSUERS: readonly string[] = [HUB_ISSUER, KEY_ISSUER, SEALED_ISSUER];
