import type { Block } from '../../publications/content/block.ts';
import { directionOf } from '../../publications/content/language.rules.ts';
import { escapeHtml } from './escape-html.ts';

/** Blocks as plain text, an empty line between them. */
export const textOf = (blocks: readonly Block[]): string =>
  blocks
    .map((block) =>
      'text' in block ? block.text : [`${block.title}`, ...block.items.map((item) => `• ${item}`)].join('\n'),
    )
    .join('\n\n');

/**
 * Blocks as HTML, everything escaped; lines stay lines. Facts may be in French or English beside a text that is written
 * from right to left: each paragraph there finds its own direction.
 */
export function htmlOf(blocks: readonly Block[], language: string): string {
  const direction = directionOf(language);
  const auto = direction === 'rtl' ? ' dir="auto"' : '';
  const paragraphs = (text: string): string =>
    text
      .split(/\n{2,}/)
      .map((part) => `<p${auto}>${lines(part)}</p>`)
      .join('');
  const list = (items: readonly string[]): string =>
    `<ul>${items.map((item) => `<li${auto}>${lines(item)}</li>`).join('')}</ul>`;
  const body = blocks.map((block) =>
    'text' in block
      ? paragraphs(block.text)
      : `<p${auto}><strong>${escapeHtml(block.title)}</strong></p>${list(block.items)}`,
  );
  return `<div lang="${escapeHtml(language)}" dir="${direction}">${body.join('')}</div>`;
}

const lines = (text: string): string => escapeHtml(text).replaceAll('\n', '<br>');
