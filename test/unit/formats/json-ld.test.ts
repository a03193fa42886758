import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linkedData, linkedDataText } from '../../../src/formats/json-ld.ts';
import { currentText } from '../../../src/publications/content/translations.rules.ts';
import { ratingOf } from '../../../src/publications/correction/correction.rules.ts';
import { groundNewsOf } from '../../../src/publications/news.rules.ts';
import { budget } from '../../support/budget.ts';
import { anyAidPoint, anyCorrection, anyDocument, anyEvent } from '../../support/generated/generated-documents.ts';
import { territory } from '../../support/hub/hub.ts';

const options = { publicUrl: 'https://tocsin.example', territory, language: 'fr-FR' };
type Data = Record<string, unknown> & { '@type': string };
const read = (...given: Parameters<typeof linkedData>) => JSON.parse(linkedDataText(linkedData(...given))) as Data;

const TYPES = {
  ALERT: 'SpecialAnnouncement',
  ADVICE: 'SpecialAnnouncement',
  CLOSURE: 'SpecialAnnouncement',
  EVENT: 'Event',
  CORRECTION: 'ClaimReview',
  AID_POINT: 'SpecialAnnouncement',
};

describe('linked data', () => {
  it('tells whatever was published, in the language asked for, and cannot end the script that it stands in', () => {
    fc.assert(
      fc.property(anyDocument, fc.constantFrom('fr-FR', 'en-GB', 'uk'), (document, language) => {
        const data = read(document, { ...options, language });
        const text = currentText(document.texts, language);
        expect(data).toMatchObject({ '@context': 'https://schema.org' });
        const isOvertaken = !document.allClear && groundNewsOf(document) !== null;
        // What no longer holds is not found as if it did.
        if ((document.cancelled || isOvertaken) && document.kind !== 'EVENT') {
          expect(data.name).not.toBe(text.headline);
          expect(data.text ?? '').not.toContain(text.description);
        } else {
          const isOver = document.allClear && document.kind !== 'EVENT';
          const said = isOver ? currentText(document.allClear?.texts ?? [], text.language) : text;
          expect(data).toMatchObject({ name: said.headline, inLanguage: said.language });
        }
        const isWithdrawn = document.kind === 'CORRECTION' && document.cancelled;
        expect(data['@type']).toBe(isWithdrawn ? 'CreativeWork' : TYPES[document.kind]);
        expect(linkedDataText(linkedData(document, options))).not.toContain('<');
      }),
      budget(60),
    );
  });

  it('gives an event its times, its status and each passage', () => {
    fc.assert(
      fc.property(anyEvent, (event) => {
        const data = read(event, options);
        expect(data).toMatchObject({ startDate: event.startsAt, endDate: event.endsAt });
        const told = (data.subEvent as { name: string; startDate: string }[]).map((part) => [
          part.name,
          part.startDate,
        ]);
        expect(told).toEqual(event.passages.map(({ label, expectedFrom }) => [label, expectedFrom]));
        if (event.cancelled) expect(data.eventStatus).toBe('https://schema.org/EventCancelled');
      }),
      budget(40),
    );
  });

  it('names the building of an aid point, where it stands, and what it gives while it takes people in', () => {
    fc.assert(
      fc.property(anyAidPoint, (point) => {
        const { announcementLocation: building } = read(point, options) as unknown as {
          announcementLocation: Record<string, unknown> & { amenityFeature?: object[] };
        };
        const [longitude, latitude] = point.point.coordinates;
        expect(building).toMatchObject({
          '@type': 'CivicStructure',
          name: point.place,
          address: { '@type': 'PostalAddress', streetAddress: point.address, addressCountry: 'FR' },
          geo: { '@type': 'GeoCoordinates', latitude, longitude },
        });
        expect(building.maximumAttendeeCapacity ?? null).toBe(point.capacity);
        const isShut = point.cancelled || point.allClear || ['FULL', 'CLOSED'].includes(point.observed.status);
        expect(building.amenityFeature?.length).toBe(isShut ? undefined : point.purposes.length);
      }),
      budget(40),
    );
  });

  it('rates a claim on the scale from 1 to 5, and only where its verdict is on it', () => {
    fc.assert(
      fc.property(anyCorrection, (correction) => {
        fc.pre(!correction.cancelled);
        const { reviewRating, claimReviewed } = read(correction, options) as unknown as {
          reviewRating: { ratingValue?: number; alternateName: string };
          claimReviewed: string;
        };
        expect(claimReviewed).toBe(correction.claim);
        expect(reviewRating.ratingValue ?? null).toBe(ratingOf(correction.verdict));
        expect(reviewRating.alternateName).not.toBe('');
      }),
      budget(40),
    );
  });
});
