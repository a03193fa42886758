import { instant, parisTime } from '../../clock.ts';
import { type InEachTongue, LOCALES, type Tongue } from './tongue.ts';

/** The day of a moment, from "jeudi 26 novembre 2026" to "26 nov.". */
const DAYS = {
  full: inParis({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }),
  long: inParis({ weekday: 'long', day: 'numeric', month: 'long' }),
  dated: inParis({ day: 'numeric', month: 'long', year: 'numeric' }),
  short: inParis({ day: 'numeric', month: 'short' }),
} satisfies Record<string, InEachTongue<Intl.DateTimeFormat>>;
export type DateForm = keyof typeof DAYS;

interface TimeWords {
  /** An hour and a minute, two digits each. */
  hour(hour: string, minute: string): string;
  midnight: string;
  /** A day and the time on it. */
  joined(day: string, time: string, form: DateForm): string;
}

const NO_BREAK = '\u00a0';
const MINUTE = 60_000;

const TIMES: InEachTongue<TimeWords> = {
  fr: {
    hour: (hour, minute) => [Number(hour), 'h', ...(minute === '00' ? [] : [minute])].join(NO_BREAK),
    midnight: 'minuit',
    joined: (day, time) => `${day} à ${time}`,
  },
  en: {
    hour: (hour, minute) => `${hour}:${minute}`,
    midnight: 'midnight',
    joined: (day, time, form) => (form === 'short' ? `${day}, ${time}` : `${day} at ${time}`),
  },
};

/**
 * A moment as people say it, Paris time: "jeudi 26 novembre à 14 h 10", "Thursday 26 November at 14:10". Midnight begins its
 * day: "vendredi 27 novembre à 0 h". Every text for people takes its hours from here.
 */
export function formatDateTime(form: DateForm, tongue: Tongue, at: string): string {
  return TIMES[tongue].joined(dayOf(form, tongue, new Date(at)), formatHour(tongue, at), form);
}

/** The hour of a moment alone, Paris time: "14 h 10", "14:10". */
export function formatHour(tongue: Tongue, at: string): string {
  const [hours = '', minutes = ''] = clockOf(at).split(':');
  return TIMES[tongue].hour(hours, minutes);
}

/** The moment at which something ends. Midnight ends the day before it: "jeudi 26 novembre à minuit", never "vendredi 27 à 0 h". */
export function formatEnd(form: DateForm, tongue: Tongue, at: string): string {
  if (clockOf(at) !== '00:00') return formatDateTime(form, tongue, at);
  const { midnight, joined } = TIMES[tongue];
  return joined(dayOf(form, tongue, new Date(instant(at) - MINUTE)), midnight, form);
}

/** The day of a moment alone: "26 novembre 2026". */
export const formatDay = (form: DateForm, tongue: Tongue, at: string): string => dayOf(form, tongue, new Date(at));

/** Hours and minutes as the clocks of Paris show them. */
const clockOf = (at: string): string => parisTime(new Date(at)).slice(11, 16);

const dayOf = (form: DateForm, tongue: Tongue, day: Date): string => DAYS[form][tongue].format(day);

function inParis(options: Intl.DateTimeFormatOptions): InEachTongue<Intl.DateTimeFormat> {
  const format = (locale: string) => new Intl.DateTimeFormat(locale, { ...options, timeZone: 'Europe/Paris' });
  return { fr: format(LOCALES.fr), en: format(LOCALES.en) };
}
