import { Arg, Ctx, FieldResolver, ID, Resolver, Root } from 'type-graphql';
import { permits } from '../../access/permissions.rules.ts';
import { readInput } from '../../errors.ts';
import type { Context } from '../../graphql/context.ts';
import type { Batch } from '../../graphql/loaders.ts';
import { PayloadMutation, REMOVED } from '../../graphql/payload.types.ts';
import { present } from '../../office/present.rules.ts';
import type { PicturePress } from '../../pictures/picture-press.ts';
import type { ReportLoaders } from '../report.loaders.ts';
import { ReportType } from '../report.types.ts';
import type { PictureView, ReportView } from '../report-view.ts';
import type { ReportOffice } from '../report-work.ts';
import { attachPictures } from './attach.commands.ts';
import { pictureToVeil, removePicture, subjectOfPicture, veilPicture } from './picture.commands.ts';
import { PictureBoxInput, PictureTwinType, PictureType } from './picture.types.ts';
import { type PictureTwin, pictureViewOf, twinsOf } from './picture-views.queries.ts';
import { boxesIn } from './read-pictures.ts';

const REPORT = { report: { type: () => ReportType, description: 'The report as it then stood.' } };
const PICTURE = {
  picture: {
    type: () => PictureType,
    description: 'The picture that stands in the place of the other, under an id of its own.',
  },
};
const ID_ARG = { description: 'The id of the picture.' };

/** Deeds on pictures that the hub has; they come by `POST /desk/pictures`. */
@Resolver(() => PictureType)
export class PictureResolver {
  readonly #twins: Batch<string, PictureTwin[]>;

  constructor(
    private readonly office: ReportOffice,
    private readonly behind: { reports: ReportLoaders; press: Pick<PicturePress, 'press'> },
  ) {
    this.#twins = async (ids) => {
      const found = await twinsOf(office.read(), [...new Set(ids)]);
      return ids.map((id) => found.get(id) ?? []);
    };
  }

  @PayloadMutation(REPORT, {
    description:
      'Gives a report pictures that you have brought and that no report has yet; a report has at most 10. For volunteers and checkers.',
  })
  async attachPictures(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, { description: 'The id of the report.' }) id: string,
    @Arg('pictures', () => [ID], { description: 'The ids of the pictures.' }) pictures: string[],
  ): Promise<{ report: () => Promise<ReportView> }> {
    const deed = { action: 'attachPictures', subject: id } as const;
    const { id: report } = await this.office.run(actor, deed, (work) => attachPictures(work, { id, pictures }));
    return {
      report: async () => {
        const [view] = await this.behind.reports.view([report]);
        return present(view, 'report', report);
      },
    };
  }

  @PayloadMutation(REMOVED, {
    description:
      'Erases a picture for good: one of yours that waits for a report; of a report, by a checker alone. For volunteers, checkers and marshals.',
  })
  async removePicture(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, ID_ARG) id: string,
  ): Promise<{ removedId: string }> {
    const deed = { action: 'removePicture', subject: await this.subjectOf(id) } as const;
    const removed = await this.office.run(actor, deed, (work) => removePicture(work, { id }));
    return { removedId: removed.id };
  }

  @PayloadMutation(PICTURE, {
    description:
      'Makes parts of a picture unrecognisable for good, such as faces and number plates: another picture takes its place, and it is erased. For those who may remove it.',
  })
  async veilPicture(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('boxes', () => [PictureBoxInput], { description: 'The parts, at most 50.' }) boxes: PictureBoxInput[],
  ): Promise<{ picture: () => Promise<PictureView> }> {
    const { whole, ...size } = await pictureToVeil(this.office.read(), actor, { id });
    const pressed = await this.behind.press.press(whole, readInput(boxesIn(size), boxes, 'boxes'));
    const deed = { action: 'veilPicture', subject: await this.subjectOf(id) } as const;
    const { veil } = await this.office.run(actor, deed, (work) => veilPicture(work, { id, pressed }));
    return { picture: async () => present(await pictureViewOf(this.office.read(), veil.id), 'picture', veil.id) };
  }

  private subjectOf(id: string): Promise<string> {
    return subjectOfPicture(this.office.read(), id);
  }

  @FieldResolver(() => [PictureTwinType], {
    description:
      'At most 5 pictures of other reports that may show the same, the very same file first; none for those who read no reports.',
  })
  async twins(@Ctx() { load, actor }: Context, @Root() { id }: PictureView): Promise<PictureTwin[]> {
    // A marshal is answered what it submits, and reads no report of others.
    return permits(actor, 'readReports') ? load(this.#twins).load(id) : [];
  }
}

@Resolver(() => PictureTwinType)
export class PictureTwinResolver {
  constructor(private readonly reports: ReportLoaders) {}

  @FieldResolver(() => ReportType, { description: 'The report that has it.' })
  async report(@Ctx() { load }: Context, @Root() { report }: PictureTwin): Promise<ReportView> {
    return present(await load(this.reports.view).load(report), 'report', report);
  }
}
