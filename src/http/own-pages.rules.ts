/** Where a cookie says who somebody is, or gets to be one that does. */
const OWN =
  /^\/desk\/(?:graphql|signin|signout|signedout|session|callback|leave|backchannel-logout|exports\/\w+\.(?:csv|ndjson)|pictures(?:\/[^?]*)?)(?:\?|$)/;

/** Whether an address is for pages of this hub alone: no page of another site may ask there, or read what is answered. */
export const isForOwnPages = (url: string): boolean => OWN.test(url);
