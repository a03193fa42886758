import { parisTime } from '../clock.ts';
import { readDate } from '../dates/read-date.ts';
import { API_RESPONSES } from '../publications/alert/alert.content.ts';
import { FRENCH } from '../publications/content/language.rules.ts';
import { webAddress } from '../publications/content/text/plain-text.ts';
import { isVisible } from '../publications/content/text/visible-text.ts';
import { CATEGORIES, CERTAINTIES, RESPONSE_TYPES, SEVERITIES, URGENCIES } from '../publications/vocabulary.ts';
import { type CommuneFinder, communesOfArea } from './matching.rules.ts';
import { type CapInfo, referenceOf, type WatchedCap } from './reading/cap-message.ts';

/** The words of a message in one language, byte by byte as their authority wrote them (I-03). */
export interface RelayedText {
  language: string;
  headline: string;
  description: string;
  instruction: string | null;
}

/**
 * What an alert holds that relays a CAP message: its levels, window, words and source, and the communes that its areas
 * touch. Null where nothing in it concerns the Essonne. What the message leaves out is left out, for the reader of the
 * input to refuse where it is needed.
 */
export function relayOf(cap: WatchedCap, territory: CommuneFinder) {
  const here = cap.infos.filter(({ areas }) => areas.some((area) => communesOfArea(area, territory).length > 0));
  const french = here.find(({ language }) => isFrench(language));
  const info = french ?? here[0];
  if (!info) return null;
  return {
    texts: textsOf(here),
    categories: info.categories.map((category) => oneOf(CATEGORIES, category) ?? 'OTHER'),
    responseTypes: info.responseTypes.flatMap((type) => {
      const known = oneOf(RESPONSE_TYPES, type);
      return known ? API_RESPONSES.wordOf(known) : [];
    }),
    urgency: oneOf(URGENCIES, info.urgency) ?? 'UNKNOWN',
    severity: oneOf(SEVERITIES, info.severity) ?? 'UNKNOWN',
    // CAP 1.0 said "Very Likely".
    certainty: oneOf(CERTAINTIES, info.certainty?.replace(/^very /i, '') ?? null) ?? 'UNKNOWN',
    startsAt: momentOf(info.onset),
    endsAt: momentOf(info.expires),
    infoUrl: addressOf(info.web),
    areas: areasOf(info, territory),
    source: {
      name: info.senderName ?? cap.sender,
      relayed: true,
      url: addressOf(info.web),
      reference: referenceOf(cap),
    },
  };
}

const isFrench = (language: string): boolean => /^fr(-fr)?$/i.test(language);

/** The words of a message, whatever it concerns. */
export const wordsOfMessage = ({ infos }: WatchedCap): RelayedText[] => textsOf(infos);

/** One text for each language, the first that concerns the Essonne. CAP may leave out a headline or a description. */
function textsOf(infos: readonly CapInfo[]): RelayedText[] {
  const texts = new Map<string, RelayedText>();
  for (const { language: written, event, headline, description, instruction } of infos) {
    const language = isFrench(written) ? FRENCH : written;
    if (texts.has(language)) continue;
    const title = isVisible(headline) ? headline : event;
    const words = isVisible(description) ? description : title;
    texts.set(language, {
      language,
      headline: title,
      description: words,
      instruction: isVisible(instruction) ? instruction : null,
    });
  }
  return [...texts.values()];
}

const areasOf = ({ areas }: CapInfo, territory: CommuneFinder) =>
  areas.flatMap((area) => {
    const communes = [...new Set(communesOfArea(area, territory).map(({ code }) => code))];
    return communes.length > 0
      ? [{ description: isVisible(area.description) ? area.description : 'Essonne', communes }]
      : [];
  });

const oneOf = <T extends string>(list: readonly T[], word: string | null): T | undefined => {
  const wanted = word?.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase();
  return list.find((one) => one === wanted);
};

const momentOf = (text: string | null): string | null => {
  const at = readDate(text);
  return at && parisTime(at);
};

const addressOf = (text: string | null): string | null => (text && webAddress.safeParse(text).success ? text : null);
