import { instant } from '../../clock.ts';
import { type Kind, withoutReports } from '../kind.ts';
import { type ClosureContent, closureContent } from './closure.content.ts';

const roadLabel = ({ name, number }: ClosureContent['roads'][number]): string =>
  number ? `${number} (${name})` : name;

export const closure: Kind<ClosureContent> = {
  name: 'CLOSURE',
  schema: closureContent,
  // A closure has one area, its path: what it touches follows from there.
  settle: (content, territory) => ({
    ...content,
    roads: content.roads.map((road) => ({
      ...road,
      commune: road.commune && (territory.byCode(road.commune)?.code ?? road.commune),
    })),
    areas: [
      {
        description: content.roads.map(roadLabel).join(', '),
        communes: territory.communesTouching(content.path).map(({ code }) => code),
        geometry: content.path,
      },
    ],
  }),
  faults: (content, territory) => [
    ...(content.eventWindow && !content.eventId
      ? [{ path: 'eventWindow', message: 'needs an eventId: it is counted from that event' }]
      : []),
    ...(instant(content.plannedTo) <= instant(content.plannedFrom)
      ? [{ path: 'plannedTo', message: 'must lie after plannedFrom' }]
      : []),
    ...content.roads.flatMap(({ commune }, index) =>
      commune && !territory.byCode(commune)
        ? [{ path: `roads.${index}.commune`, message: `${commune} is not the INSEE code of a commune of the Essonne` }]
        : [],
    ),
    ...content.crossingPoints.flatMap(({ point }, index) =>
      point.type === 'Point' ? [] : [{ path: `crossingPoints.${index}.point`, message: 'must be a GeoJSON Point' }],
    ),
  ],
  window: ({ plannedFrom, plannedTo }) => ({ startsAt: plannedFrom, endsAt: plannedTo }),
  severity: () => null,
  lint: (content, now) =>
    instant(content.plannedTo) > now.getTime()
      ? []
      : [{ rule: 'I-07', level: 'ERROR', path: 'plannedTo', message: 'La fin de la fermeture est déjà passée.' }],
  graver: (before, after) => after.restriction === 'CLOSED' && before.restriction !== 'CLOSED',
  published: withoutReports,
};
