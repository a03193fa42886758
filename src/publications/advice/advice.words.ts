import type { InEachTongue } from '../content/tongue.ts';

interface AdviceWords {
  kind: string;
  dos: string;
  donts: string;
}

export const ADVICE_WORDS: InEachTongue<AdviceWords> = {
  fr: { kind: 'Conseil', dos: 'À faire', donts: 'À éviter' },
  en: { kind: 'Advice', dos: 'Do', donts: 'Do not' },
};
