import type { InEachTongue } from '../content/tongue.ts';

interface AdviceWords {
  kind: string;
  post: string;
  dos: string;
  donts: string;
}

export const ADVICE_WORDS: InEachTongue<AdviceWords> = {
  fr: { kind: 'Conseil', post: 'Conseils', dos: 'À faire', donts: 'À éviter' },
  en: { kind: 'Advice', post: 'Advice', dos: 'Do', donts: 'Do not' },
};
