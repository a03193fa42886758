/**
 * The push services that everybody knows, by the end of their host. Each is one breaker, one row of the metrics, and no
 * secret.
 */
const PUBLIC_SERVICES = [
  'fcm.googleapis.com',
  'push.services.mozilla.com',
  'push.apple.com',
  'notify.windows.com',
  'ntfy.sh',
] as const;

/** The public service of a host; undefined for any other, which may be the server of one person. */
export const serviceOf = (host: string): string | undefined =>
  PUBLIC_SERVICES.find((service) => host === service || host.endsWith(`.${service}`));

/** Whether a service, as rows name it, is one that everybody knows. */
export const isPublicService = (service: string): boolean => !service.startsWith('~');

/** A service as metrics and the log name it. */
export const serviceLabel = (service: string): string => serviceOf(service) ?? 'other';
