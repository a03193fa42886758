import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { permits } from '../access/permissions.rules.ts';
import type { CallView } from '../calling/call.queries.ts';
import { CallType } from '../calling/call.types.ts';
import { DeskChange } from '../editorial/desk-changes/desk-change.types.ts';
import type { Context } from '../graphql/context.ts';
import { ReportType } from '../reports/report.types.ts';
import type { ReportView } from '../reports/report-view.ts';
import type { FlashLoaders } from './flash.loaders.ts';
import { FlashType } from './flash.types.ts';
import type { FlashView } from './flash-views.queries.ts';
import { mayBeside } from './flash-work.ts';

/** The flash of a report. */
@Resolver(() => ReportType)
export class ReportFlashResolver {
  constructor(private readonly loaders: FlashLoaders) {}

  @FieldResolver(() => FlashType, {
    nullable: true,
    description: 'Its flash; null where it has none, and for viewers who may not read all flashes and did not send it.',
  })
  async flash(@Ctx() { actor, load }: Context, @Root() { id }: ReportView): Promise<FlashView | null> {
    if (!actor || !permits(actor, 'readFlashes')) return null;
    const flash = await load(this.loaders.ofReport).load(id);
    const isKnown = mayBeside(actor, 'readFlashes', 'MARSHAL', 'SIGNATORY') || flash?.sentBy.id === actor.id;
    return isKnown ? flash : null;
  }
}

/** The flash to which somebody is called. */
@Resolver(() => CallType)
export class CallFlashResolver {
  constructor(private readonly loaders: FlashLoaders) {}

  @FieldResolver(() => FlashType, { nullable: true, description: 'The flash that it is about; else null.' })
  async flash(@Ctx() { load }: Context, @Root() { reason, report }: CallView): Promise<FlashView | null> {
    return reason === 'FLASH' && report !== null ? load(this.loaders.ofReport).load(report) : null;
  }
}

/** The flash in what followers of the desk hear. */
@Resolver(() => DeskChange)
export class DeskChangeFlashResolver {
  constructor(private readonly loaders: FlashLoaders) {}

  @FieldResolver(() => FlashType, {
    nullable: true,
    description: 'The flash of its report as it stands now; else null.',
  })
  async flash(@Ctx() { load }: Context, @Root() { report }: DeskChange): Promise<FlashView | null> {
    return report ? load(this.loaders.ofReport).load(report.id) : null;
  }
}
