import { expect, it } from 'vitest';
import { escapeHtml } from '../../../../src/formats/text/escape-html.ts';

it('escapes the five signs that end a text or an attribute, and nothing else', () => {
  expect(escapeHtml(`<b title="l'été">& É</b>`)).toBe('&lt;b title=&quot;l&#39;été&quot;&gt;&amp; É&lt;/b&gt;');
  expect(escapeHtml('&amp;')).toBe('&amp;amp;');
});
