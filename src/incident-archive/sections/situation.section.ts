import type { SituationContent, SituationParts } from '../../situation-reports/situation-report.rules.ts';
import type { ArchivePeople } from '../people/archive-people.rules.ts';
import { momentOf, rowsOf, type Section } from './archive-source.ts';

interface SituationRow {
  number: number;
  edition: number;
  state: string;
  asOf: string;
  position: string;
  logNumber: number;
  contentHash: string;
  content: string;
  by: string | null;
  organisation: { kind: string; name: string } | null;
}

/** Situation reports that were frozen. Where nothing had to be taken out of the words, the text has the hash that is named. */
export const situationSection: Section = async function* ({ sql, incident, people }) {
  const rows = rowsOf<SituationRow>(
    sql,
    `select number, edition, state, as_of as "asOf", position, log_number as "logNumber", content_hash as "contentHash", content,
       frozen_by_id as by, organisation
     from situation_report where incident_id = ?::uuid and state <> 'DRAFT' order by number, edition`,
    [incident],
  );
  for await (const { asOf, position, content, by, organisation, ...row } of rows)
    yield {
      type: 'situation-report',
      ...row,
      at: momentOf(asOf),
      position: Number(position),
      by: people.of(by),
      organisation: organisation && { kind: organisation.kind, name: organisation.name },
      content: withoutPeopleIn(content, people),
    };
};

/** The text as it was frozen, or the same without the people in its words. */
function withoutPeopleIn(content: string, people: ArchivePeople): string {
  const said: SituationContent = JSON.parse(content);
  const parts = cleanParts(said.parts, people);
  // People name the feeds that they watch.
  const sourcesAtFault = said.figures.sourcesAtFault.map((name) => people.clean(name));
  const clean = { ...said, parts, figures: { ...said.figures, sourcesAtFault } };
  return JSON.stringify(clean) === JSON.stringify(said) ? content : JSON.stringify(clean);
}

const cleanParts = (parts: SituationParts, people: ArchivePeople): SituationParts => ({
  ...parts,
  situation: people.clean(parts.situation),
  measures: people.clean(parts.measures),
  outlook: people.clean(parts.outlook),
  wanted: people.clean(parts.wanted),
  toll: parts.toll && { ...parts.toll, figure: people.clean(parts.toll.figure) },
});
