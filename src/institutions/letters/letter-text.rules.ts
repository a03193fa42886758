import { htmlOf, textOf } from '../../formats/text/blocks.ts';
import { departureText } from '../../formats/text/departure.ts';
import { endingOf } from '../../formats/text/ending.ts';
import { escapeHtml } from '../../formats/text/escape-html.ts';
import { bodyOf } from '../../formats/text/publication-body.ts';
import { wordingFor } from '../../formats/text/wording.ts';
import type { Letter } from '../../mail/letter.rules.ts';
import type { Block } from '../../publications/content/block.ts';
import { tongueFor } from '../../publications/content/tongue.ts';
import { currentText } from '../../publications/content/translations.rules.ts';
import type { PublicDocument } from '../../publications/document.ts';
import { permalinkOf } from '../../publications/permalink.rules.ts';
import type { Territory } from '../../territory/territory.ts';
import { asksToBeRead } from '../notices/ask-notices.commands.ts';
import { LETTER_WORDS } from './letter.words.ts';
import type { LeasedLetter } from './letter-turn.commands.ts';

type Addressed = Pick<
  LeasedLetter,
  'id' | 'address' | 'key' | 'institution' | 'language' | 'createdAt' | 'follows' | 'departed'
>;

export interface LetterSetting {
  territory: Territory;
  /** Base of permalinks, without a trailing slash. */
  publicUrl: string;
}

const linkTo = ({ publicUrl }: LetterSetting, act: 'confirm' | 'leave', { key }: Addressed): string =>
  `${publicUrl}/mail/${act}/${key}`;

/** The letter on a publication as one entry of the journal left it: in the institution's language where there are words in it, else in French. */
export function newsLetter(letter: Addressed, document: PublicDocument, setting: LetterSetting): Letter {
  const { departed } = letter;
  const text = currentText(document.texts, letter.language);
  const wording = wordingFor(text.language);
  const words = LETTER_WORDS[wording.tongue];
  const { territory, publicUrl } = setting;
  const news =
    endingOf(document, text, wording) ??
    (departed ? departureText(document, departed, text, { wording, territory }) : undefined);
  const title = news?.title ?? text.headline;
  const blocks = news?.blocks ?? bodyOf(document, text, wording, territory);
  const page = permalinkOf(publicUrl, document, departed ?? undefined);
  return written(letter, setting, {
    title,
    blocks,
    links: [
      ...(asksToBeRead(document, departed)
        ? [{ label: words.read, url: `${publicUrl}/mail/read/${letter.key}/${document.id}` }]
        : []),
      { label: words.page, url: page },
    ],
    language: news?.language ?? text.language,
  });
}

/** The one letter to a mailbox that nobody has confirmed yet. */
export function invitationLetter(letter: Addressed, setting: LetterSetting): Letter {
  const { invitation } = LETTER_WORDS[tongueFor(letter.language)];
  return written(letter, setting, {
    title: invitation.subject,
    blocks: [{ text: invitation.text(letter.institution) }, { text: invitation.ignore }],
    links: [{ label: invitation.confirm, url: linkTo(setting, 'confirm', letter) }],
    language: letter.language,
  });
}

interface Parts {
  title: string;
  blocks: readonly Block[];
  links: readonly { label: string; url: string }[];
  language: string;
}

function written(letter: Addressed, setting: LetterSetting, { title, blocks, links, language }: Parts): Letter {
  const words = LETTER_WORDS[tongueFor(language)];
  const leaveUrl = linkTo(setting, 'leave', letter);
  const because = words.because(letter.institution);
  const text = [
    title,
    textOf(blocks),
    ...links.map(({ label, url }) => `${label} : ${url}`),
    `-- \n${because}\n${words.leave} : ${leaveUrl}`,
  ].join('\n\n');
  const anchor = ({ label, url }: { label: string; url: string }) =>
    `<p><a href="${escapeHtml(url)}">${escapeHtml(label)}</a></p>`;
  const html = `<!doctype html>
<html lang="${escapeHtml(language)}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(title)}</title></head>
<body style="font-family:sans-serif;font-size:16px;line-height:1.5;max-width:40em;margin:1em">
<h1 style="font-size:1.3em">${escapeHtml(title)}</h1>
${htmlOf(blocks, language)}
${links.map(anchor).join('\n')}
<hr>
<p style="font-size:.85em">${escapeHtml(because)}<br><a href="${escapeHtml(leaveUrl)}">${escapeHtml(words.leave)}</a></p>
</body></html>`;
  const { id, address: to, createdAt: at, follows } = letter;
  return { id, to, subject: title, text, html, language, at, follows, leaveUrl };
}
