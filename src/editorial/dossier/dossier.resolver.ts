import { Arg, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import { demand } from '../../access/permissions.rules.ts';
import { ViewerType } from '../../access/viewer.types.ts';
import type { Context } from '../../graphql/context.ts';
import { demandFirst } from '../../graphql/page.rules.ts';
import { AlertInput } from '../../publications/alert/alert.types.ts';
import type { LintFinding } from '../../publications/content/lint.rules.ts';
import { readContent } from '../../publications/content/read-content.ts';
import type { PublicDocument } from '../../publications/document.ts';
import { PublicationKindEnum } from '../../publications/enum.types.ts';
import { PublicationType } from '../../publications/publication.types.ts';
import type { PublicationKind } from '../../publications/vocabulary.ts';
import type { Territory } from '../../territory/territory.ts';
import { findingsOf, signatureFindings } from '../review/lint.queries.ts';
import { type DossierFile, dossierFile, dossierPage, preview } from './dossier.queries.ts';
import {
  ApprovalType,
  CommentType,
  DossierConnectionType,
  DossierType,
  LintFindingType,
  StageEnum,
} from './dossier.types.ts';
import type { EditorialOffice } from './editorial-work.ts';
import type { Stage } from './stage.rules.ts';

/** What a dossier resolves from: its row's fields and the loaded file. */
export interface DossierView {
  id: string;
  kind: PublicationKind;
  stage: Stage;
  version: number;
  publishAt: Date | null;
  cosignDueAt: Date | null;
  file: DossierFile;
}

/** Loads a dossier as the desk sees it; the caller has checked who asks. */
export async function dossierView(office: EditorialOffice, id: string): Promise<DossierView | null> {
  const file = await dossierFile(office.read(), id);
  if (!file) return null;
  const { kind, stage, version, publishAt, cosignDueAt } = file.dossier;
  return { id, kind, stage, version, publishAt: publishAt ?? null, cosignDueAt: cosignDueAt ?? null, file };
}

type Person = { id: string; name: string };

@Resolver(() => DossierType)
export class DossierResolver {
  constructor(
    private readonly office: EditorialOffice,
    private readonly territory: Territory,
  ) {}

  @Query(() => DossierType, { nullable: true, description: 'One dossier; null where there is none. Staff only.' })
  async dossier(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, { description: 'The id of the dossier.' }) id: string,
  ): Promise<DossierView | null> {
    demand(actor, 'dossier');
    return dossierView(this.office, id);
  }

  @Query(() => DossierConnectionType, { description: 'Dossiers, most recently changed first. Staff only.' })
  async dossiers(
    @Ctx() { actor }: Context,
    @Arg('stages', () => [StageEnum], { nullable: true, description: 'At one of these stages.' }) stages:
      | Stage[]
      | null,
    @Arg('kinds', () => [PublicationKindEnum], { nullable: true, description: 'Of one of these kinds.' })
    kinds: PublicationKind[] | null,
    @Arg('search', () => String, { nullable: true, description: 'Words of its texts, whatever accents and endings.' })
    search: string | null,
    @Arg('first', () => Int, { defaultValue: 20, description: 'How many, 1 to 100.' }) first: number,
    @Arg('after', () => String, { nullable: true, description: 'The endCursor of the page before.' })
    after: string | null,
  ) {
    demand(actor, 'dossiers');
    demandFirst(first);
    const { rows, pageInfo } = await dossierPage(this.office.read(), { stages, kinds, search }, first, after);
    const views = await Promise.all(rows.map(({ id }) => dossierView(this.office, id)));
    return { nodes: views.filter((view) => view !== null), pageInfo };
  }

  @Query(() => [LintFindingType], { description: 'The linter’s findings on an alert, without saving it. Staff only.' })
  lintAlert(
    @Ctx() { actor }: Context,
    @Arg('input', () => AlertInput, { description: 'The content to check.' }) input: AlertInput,
  ): Promise<LintFinding[]> {
    demand(actor, 'lintAlert');
    return findingsOf(
      this.office.read(),
      'ALERT',
      { content: readContent('ALERT', input, this.territory) },
      this.office.now,
    );
  }

  @FieldResolver(() => Int, { description: 'The number of the revision in hand, else of the live one.' })
  revision(@Root() { file }: DossierView): number {
    return file.revision.number;
  }

  @FieldResolver(() => ViewerType, { description: 'The person who opened it.' })
  author(@Root() { file }: DossierView): Person {
    return file.dossier.author as Person;
  }

  @FieldResolver(() => [ViewerType], {
    description: 'The people who wrote or changed the revision shown; none of them may approve it.',
  })
  editors(@Root() { file }: DossierView): Person[] {
    return file.editors;
  }

  @FieldResolver(() => [ApprovalType], { description: 'The approvals that count for the content as it stands.' })
  approvals(@Root() { file }: DossierView): DossierFile['approvals'] {
    return file.approvals;
  }

  @FieldResolver(() => String, { description: 'SHA-256 of the content shown, in hexadecimal.' })
  contentHash(@Root() { file }: DossierView): string {
    return file.revision.contentHash;
  }

  @FieldResolver(() => PublicationType, { description: 'The revision in hand as the public would see it.' })
  preview(@Root() { file }: DossierView): Promise<PublicDocument> {
    return preview(this.office.read(), file, this.office.now);
  }

  @FieldResolver(() => PublicationType, {
    nullable: true,
    description: 'Its publication; null where nothing is public.',
  })
  publication(@Root() { file }: DossierView): PublicDocument | null {
    return file.live;
  }

  @FieldResolver(() => [LintFindingType], { description: 'The findings of the linter.' })
  async lint(@Root() { file }: DossierView): Promise<LintFinding[]> {
    const { now } = this.office;
    const found = await findingsOf(this.office.read(), file.dossier.kind, file.revision, now);
    return [...signatureFindings(file.dossier, now), ...found];
  }

  @FieldResolver(() => [CommentType], { description: 'The remarks made so far, oldest first.' })
  comments(@Root() { file }: DossierView): DossierFile['comments'] {
    return file.comments;
  }
}

@Resolver(() => ApprovalType)
export class ApprovalResolver {
  @FieldResolver(() => ViewerType, { description: 'The person who gave it.' })
  by(@Root() approval: { by: Person }): Person {
    return approval.by;
  }
}

@Resolver(() => CommentType)
export class CommentResolver {
  @FieldResolver(() => ViewerType, { description: 'The person who made it.' })
  by(@Root() comment: { by: Person }): Person {
    return comment.by;
  }
}
