import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MOST_WORDS_BYTES } from '../../../../src/channels/push/envelope/encrypt.rules.ts';
import { greetingWords, pushWords } from '../../../../src/channels/push/jobs/push-text.rules.ts';
import type { PublicDocument } from '../../../../src/publications/document.ts';
import { budget } from '../../../support/budget.ts';
import { anyDocument } from '../../../support/generated/generated-documents.ts';
import { at } from '../../../support/generated/public-documents.ts';
import { territory } from '../../../support/hub/hub.ts';
import type { PushedWords } from '../../../support/receivers/push-service.ts';

const setting = { territory, publicUrl: 'https://tocsin.example' };
const facts = { cursor: 'cursor', expires: at(60) };
const said = (document: PublicDocument, language = 'fr-FR'): PushedWords =>
  JSON.parse(pushWords(document, { language, silent: false }, facts, setting).toString());

describe('the words of a push', () => {
  it('fit into one record, whatever the document and the language', () => {
    fc.assert(
      fc.property(anyDocument, fc.constantFrom('fr-FR', 'en-GB', 'ar', 'uk', 'de-CH'), (document, language) => {
        const words = pushWords(document, { language, silent: true }, facts, setting);
        expect(words.length).toBeLessThanOrEqual(MOST_WORDS_BYTES);
        const { web_push: form, notification, tocsin } = JSON.parse(words.toString()) as PushedWords;
        expect(form).toBe(8030);
        expect(notification.silent).toBe(true);
        expect(notification.title.length).toBeLessThanOrEqual(150);
        expect(notification.body.length).toBeLessThanOrEqual(300);
        expect(notification.title).not.toBe('');
        expect(notification.navigate).toMatch(/^https:\/\/tocsin\.example\/publications\//);
        expect(tocsin).toMatchObject({ id: document.id, revision: document.revision, kind: document.kind, ...facts });
      }),
      budget(300),
    );
  });

  it('stay whole in signs of four bytes, and fit all the same', () => {
    const [document] = fc.sample(anyDocument, 1) as [PublicDocument];
    const texts = document.texts.map((text) => ({
      ...text,
      headline: '🌊'.repeat(200),
      description: '🌊'.repeat(2_000),
    }));
    const words = pushWords(
      { ...document, texts, cancelled: null, allClear: null } as PublicDocument,
      { language: 'fr-FR', silent: false },
      facts,
      setting,
    );
    expect(words.length).toBeLessThanOrEqual(MOST_WORDS_BYTES);
    expect(words.toString().isWellFormed()).toBe(true);
    expect(words.toString()).not.toContain('\\ud');
  });

  it('say first that an exercise is one', () => {
    fc.assert(
      fc.property(anyDocument, fc.constantFrom('EXERCISE', 'TEST'), (document, mode) => {
        const { title } = said({ ...document, mode } as PublicDocument).notification;
        expect(title).toMatch(/^(?:EXERCICE|EXERCISE|TEST)\b/);
      }),
      budget(100),
    );
  });

  it('of the first push hold the code, and a sentence in the reader’s language', () => {
    const of = (language: string): PushedWords =>
      JSON.parse(greetingWords({ id: 'an-id', code: 'a-code', language }, setting).toString());
    expect(of('fr-FR')).toMatchObject({
      notification: { title: 'Notifications activées' },
      tocsin: { confirm: { id: 'an-id', code: 'a-code' } },
    });
    expect(of('de').notification.title).toBe('Notifications are on');
  });
});
