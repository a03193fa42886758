import type { Block } from '../../publications/content/block.ts';
import { escapeHtml } from './escape-html.ts';

/** Blocks as plain text, an empty line between them. */
export const textOf = (blocks: readonly Block[]): string =>
  blocks
    .map((block) =>
      'text' in block ? block.text : [`${block.title}`, ...block.items.map((item) => `• ${item}`)].join('\n'),
    )
    .join('\n\n');

/** Blocks as HTML, everything escaped; lines stay lines. */
export const htmlOf = (blocks: readonly Block[]): string =>
  blocks
    .map((block) =>
      'text' in block
        ? block.text
            .split(/\n{2,}/)
            .map((part) => `<p>${lines(part)}</p>`)
            .join('')
        : `<p><strong>${escapeHtml(block.title)}</strong></p><ul>${block.items.map((item) => `<li>${lines(item)}</li>`).join('')}</ul>`,
    )
    .join('');

const lines = (text: string): string => escapeHtml(text).replaceAll('\n', '<br>');
