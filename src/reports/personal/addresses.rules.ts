/** Hosts whose addresses begin with somebody's account, or lead to one. */
const NETWORKS = [
  'x.com',
  'twitter.com',
  'facebook.com',
  'fb.com',
  'fb.me',
  'm.me',
  'messenger.com',
  'instagram.com',
  'instagr.am',
  'threads.com',
  'threads.net',
  'tiktok.com',
  'youtube.com',
  'linkedin.com',
  'lnkd.in',
  'bsky.app',
  'snapchat.com',
  'reddit.com',
  'telegram.me',
  'telegram.org',
  't.me',
  'wa.me',
  'whatsapp.com',
  'signal.me',
  'twitch.tv',
  'pinterest.com',
  'pinterest.fr',
  'vk.com',
  'discord.gg',
  'discord.com',
  'linktr.ee',
  'paypal.me',
  'tumblr.com',
];
const hostWith = (dot: string): string =>
  `(?:[a-z\\d-]+\\.){0,3}(?:${NETWORKS.map((host) => host.replaceAll('.', dot)).join('|')})`;
const NETWORK = new RegExp(`^${hostWith('\\.')}$`, 'i');
/** A network's host, also with its full stop in brackets, as it is written to escape those who gather addresses. */
const HOST = hostWith('(?:\\.|\\s?[[({]\\s?(?:\\.|dot|point)\\s?[\\])}]\\s?|\\s\\.\\s)');
const END = '[^\\s<>"]*[^\\s<>".,;:!?)\\]]';

/** Addresses in a text: any with a scheme, and those of networks without one, or with one that is veiled. */
export const ADDRESS = new RegExp(
  `https?:\\/\\/${END}|(?<![\\p{L}\\d@.-]|(?<!\\/)\\/)${HOST}(?::\\d+)?\\/${END}`,
  'giu',
);

/**
 * An address without the account that it names: null where nothing is left of it then. A post on X is found without its
 * account, so its address is rewritten.
 */
export function addressWithoutAccount(address: string, isPersonal: (text: string) => boolean): string | null {
  const hasScheme = /^https?:\/\//i.test(address);
  const url = URL.parse(hasScheme ? address : `https://${address}`);
  if (!url) return null;
  const post = /^\/[^/]+\/status\/(\d+)/.exec(url.pathname);
  const isNetwork = !hasScheme || NETWORK.test(url.hostname);
  if (isNetwork && post) return `https://x.com/i/status/${post[1]}`;
  const readable = readableForm(`${url.pathname}${url.search}${url.hash}`);
  const isNamed = isNetwork && readable.length > 1;
  return isNamed || url.username !== '' || readable.includes('/@') || isPersonal(readable) ? null : address;
}

function readableForm(path: string): string {
  try {
    return decodeURIComponent(path).replace(/[+_-]/g, ' ');
  } catch {
    return path;
  }
}
