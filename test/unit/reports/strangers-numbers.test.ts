import { describe, expect, it } from 'vitest';
import { masking } from '../../../src/reports/personal/personal.rules.ts';

const masked = (text: string) => masking([]).mask(text);

describe('personal data as people write them', () => {
  it.each([
    '06/12/34/56/78',
    '06 123 456 78',
    '0612 345 678',
    '06\u201112\u201134\u201156\u201178',
    '06\u221212\u221234\u221256\u221278',
    '06\u00a012\u202f34\u200956\u00a078',
    '06\u200b12\u00ad34\u206056\ufeff78',
    '０６ １２ ３４ ５６ ７８',
    '06 - 12 - 34 - 56 - 78',
    '06_12_34_56_78',
    '06.12/34-56 78',
    '06:12:34:56:78',
    '06, 12, 34, 56, 78',
    '06 (12) 34 56 78',
    '06·12·34·56·78',
    '06*12*34*56*78',
    '06|12|34|56|78',
    '0 6 1 2 3 4 5 6 7 8',
    '0️⃣6️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣8️⃣',
    '01-69-10-12-13',
    '+33/6/12/34/56/78',
    '+33 (0) 6 12 34 56 78',
    '+33\u201106\u201112\u201134\u201156\u201178',
    '00 33 6 12 34 56 78',
    '33612345678',
    '+32 470/12.34.56',
    '٠٦ ١٢ ٣٤ ٥٦ ٧٨',
    'O6 12 34 56 78',
    '33 (0)6 12 34 56 78',
    '06 . 12 . 34 . 56 . 78',
    '06→12→34→56→78',
  ])('the telephone number %j', (number) => {
    expect(masked(`Appelez le ${number} merci`)).toBe('Appelez le [téléphone 1] merci');
  });

  it.each(['tel', 'Tél', 'mob', 'n', 'au'])('a number that is glued to %j', (word) => {
    expect(masked(`${word}0612345678`)).toBe(`${word}[téléphone 1]`);
  });

  it('numbers that stand side by side are two', () => {
    expect(masked('06 12 34 56 78 / 01 69 10 12 13, +33612345678, 0698765432')).toBe(
      '[téléphone 1] / [téléphone 2], [téléphone 3], [téléphone 4]',
    );
    expect(masked('le 05/06/2026 06 12 34 56 78')).toBe('le 05/06/2026 [téléphone 1]');
    expect(masked('06 12 34 56 78 - 19:00')).toBe('[téléphone 1] - 19:00');
  });

  it.each([
    'wa.me/33612345678',
    'https://wa.me/33612345678',
    'WA.ME/33612345678',
    'facebook.com/jean.exemple',
    'www.facebook.com/jean.exemple',
    'm.facebook.com/jean.exemple',
    'fr-fr.facebook.com/jean.exemple',
    'fb.com/jean.exemple',
    'instagram.com/jean_d',
    't.me/jean_d',
    'x.com/jean_d',
    'twitter.com/jean_d',
    'linkedin.com/in/jean-exemple',
    'tiktok.com/@jean_d',
    'bsky.app/profile/jean.bsky.social',
    'youtube.com/@jean',
    'signal.me/#p/+33612345678',
    'api.whatsapp.com/send?phone=33612345678',
    'ｆａｃｅｂｏｏｋ.com/jean.exemple',
    '＠jean_d',
    '[at]jean_d',
    '(at) jean_d',
    'facebook[.]com/jean.exemple',
    'facebook (point) com/jean.exemple',
    'instagram . com/jean_d',
    'discord.gg/abcdef',
    'linktr.ee/jean',
    'jean.bsky.social',
  ])('the account %j', (account) => {
    expect(masked(`Voir ${account} merci`)).toBe('Voir [compte 1] merci');
  });

  it.each([
    ['hxxps://facebook.com/jean.exemple', 'hxxps://[compte 1]'],
    ['//facebook.com/jean.exemple', '//[compte 1]'],
    ['insta : jean_d', 'insta : [compte 1]'],
    ['Snapchat: jean91', 'Snapchat: [compte 1]'],
    ['skype:jean.exemple', 'skype:[compte 1]'],
  ])('of %j the account', (text, shown) => {
    expect(masked(text)).toBe(shown);
  });

  it.each([
    'jean[at]example.org',
    'jean [chez] example.org',
    'jean |at| example.org',
    'jean*at*example.org',
    'jean_at_example.org',
    'jean-arobase-example-point-org',
    'jean@example . org',
    'jean.exemple@gmail',
    '"jean exemple"@example.org',
    'jean [at] example.org',
    'jean(at)example.org',
    'jean (AT) example (dot) org',
    'jean{at}example[.]org',
    'jean arobase example point org',
    'jean [arobase] example.org',
    'jean at example dot org',
    'jean＠example.org',
    'jean@exam\u00adple.org',
    'jean.d+crue @ example.org',
  ])('the e-mail address %j', (address) => {
    expect(masked(`Écrire à ${address}`)).toBe('Écrire à [courriel 1]');
  });

  it.each([
    ['AB-123-CD', 'plaque'],
    ['AB 123 CD', 'plaque'],
    ['AB123CD', 'plaque'],
    ['ab-123-cd', 'plaque'],
    ['AB\u2011123\u2011CD', 'plaque'],
    ['1234 AB 91', 'plaque'],
    ['123 ABC 91', 'plaque'],
    ['1234AB2A', 'plaque'],
    ['ab123cd', 'plaque'],
    ['ab 123 cd', 'plaque'],
    ['AB·123·CD', 'plaque'],
    ['AB_123_CD', 'plaque'],
    ['AB / 123 / CD', 'plaque'],
    ['W-123-AB', 'plaque'],
    ['123-abc-91', 'plaque'],
    ['1850578006084', 'sécurité sociale'],
    ['1_85_05_78_006_084_36', 'sécurité sociale'],
    ['1 85 05 78 006 084 36', 'sécurité sociale'],
    ['185057800608436', 'sécurité sociale'],
    ['2.85.05.78.006.084.36', 'sécurité sociale'],
    ['1 85 05 78 006 084', 'sécurité sociale'],
    ['1-85-05-2A-006-084-36', 'sécurité sociale'],
    ['1\u00a085\u00a005\u00a078\u00a0006\u00a0084\u00a036', 'sécurité sociale'],
    ['FR76 3000 6000 0112 3456 7890 189', 'compte bancaire'],
    ['FR7630006000011234567890189', 'compte bancaire'],
    ['fr76-3000-6000-0112-3456-7890-189', 'compte bancaire'],
    ['FR 76 3000 6000 0112 3456 7890 189', 'compte bancaire'],
    ['FR76/3000/6000/0112/3456/7890/189', 'compte bancaire'],
    ['FR14 2004 1010 0505 0001 3M02 606', 'compte bancaire'],
    ['BE68 5390 0754 7034', 'compte bancaire'],
    ['DE89 3704 0044 0532 0130 00', 'compte bancaire'],
  ])('%j is taken out as %s', (number, word) => {
    expect(masked(`Noté : ${number}.`)).toBe(`Noté : [${word} 1].`);
  });

  it.each([
    'le 05/06/2026 19:00',
    'le 05/06/2026 de 08:00 à 09:30',
    'du 05/06/2026 au 07/06/2026',
    '05/06/2026-07/06/2026',
    'le 05/06/26 19:00',
    'le 05-06-26, 19:00',
    'le 02 06 2016 14 00',
    '2026-06-05T19:00:00+02:00',
    '08:00-09:30, 10:15-11:00',
    '01/02/2026 08:00:00',
    'de 08:00:00 à 09:30:00',
    'la RN 20, la D 117, l’A10 et la RD 19',
    'RN20 COUPEE ENTRE MASSY ET LONGJUMEAU',
    'APPELEZ LE 115 DE NUIT, LE 112 ET LE 18',
    '91160 Longjumeau, 91 160, 94390',
    'en 2016 RN 20, 1200 personnes',
    '112, 15, 17, 18, 114, 3949 et 0 250 m',
    '48.69364, 2.29371',
    'cumul de 12,5 mm ; 0.25 0.50 0.75',
    'SIRET 229 100 018 00010',
    'Facebook : la page de la ville, www.essonne.fr/alertes',
    'réunion à la mairie @ 19 h',
    '1 717 599 600 000 octets',
    'm² et ½ …',
    'les 06/12, 07/12, 08/12',
    '01/02, 03/04, 05/06',
    'ouvert 08.00-09.30, 10.00-11.30',
    'Twitter : RN20 fermée',
    'Facebook : essonne.fr',
    'le 115 de nuit, va 112 au',
    'de 20 000 a 30 000 personnes des communes de Massy',
    'ES21 : route coupee entre Massy et Longjumeau, suivez',
  ])('nothing is taken out of %j', (text) => {
    expect(masked(text)).toBe(text);
  });

  it.each([
    ['Virement : FR76 3000 6000 0112 3456 7890 189 pour les dons', 'Virement : [compte bancaire 1] pour les dons'],
    ['IBAN:FR7630006000011234567890189 BIC:AGRIFRPP', 'IBAN:[compte bancaire 1] BIC:AGRIFRPP'],
    ['DE89 3704 0044 0532 0130 00\nmerci', '[compte bancaire 1]\nmerci'],
    ['BE68539007547034 ou BE71 0961 2345 6769', '[compte bancaire 1] ou [compte bancaire 2]'],
  ])('an account ends where its country says: %j', (text, shown) => {
    expect(masked(text)).toBe(shown);
  });

  it('a text is left as it was written around what is taken out', () => {
    expect(masked('½ m² — ﬁn\u00a0: 06\u201112\u201134\u201156\u201178 …')).toBe('½ m² — ﬁn\u00a0: [téléphone 1] …');
  });
});
