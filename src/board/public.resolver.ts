import { Arg, Extensions, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import { invalidInput } from '../errors.ts';
import { VOLATILE } from '../graphql/document-facts.ts';
import { CommuneCodeScalar, DateTimeScalar, PageCursorScalar } from '../graphql/scalars.ts';
import { AFTER, firstUpTo } from '../paging/connection.types.ts';
import { demandFirst, type Page } from '../paging/page.rules.ts';
import { AlertConnectionType } from '../publications/alert/alert.types.ts';
import type { PublicView } from '../publications/document.ts';
import { PublicationConnectionType, PublicationType } from '../publications/publication.types.ts';
import { type NamedView, readViewId } from '../publications/view.ts';
import { CommuneConnectionType, CommuneType } from '../territory/commune.types.ts';
import type { Commune } from '../territory/territory.ts';
import { pastView, viewAsOf } from './archive.queries.ts';
import { communesPage } from './communes-page.rules.ts';
import { readFilter } from './filter/filter.read.ts';
import { AlertFilter, PlaceInput, PublicationFilter } from './filter/filter.types.ts';
import { longSearch } from './filter/words.rules.ts';
import { pageRequest } from './page.rules.ts';
import { type PublicReads, page, publicNow, type Shown, shown } from './public-reads.ts';
import { communeOf, type Place, type Situation, situationOf } from './situation.ts';
import { SituationType } from './situation.types.ts';

const MOST_COMMUNES = 200;

/** A family, a commuter, a group of communes: more is an area of its own. */
const MOST_PLACES = 20;

type Connection = Page<PublicView> & Shown;

/** What everybody may ask. */
@Resolver()
export class PublicResolver {
  constructor(private readonly reads: PublicReads) {}

  @Query(() => SituationType, { nullable: true, description: 'What is in force or to come at a place.' })
  situation(
    @Arg('place', () => PlaceInput, { description: 'A commune or a point: exactly one of the two.' }) place: Place,
  ): Situation {
    return situationOf(this.reads, communeOf(this.reads, place));
  }

  @Query(() => [SituationType], {
    nullable: true,
    description: 'What is in force or to come at several places, in their order; each as `situation` answers it.',
  })
  situations(
    @Arg('places', () => [PlaceInput], { description: `Communes and points, at most ${MOST_PLACES}.` }) places: Place[],
  ): Situation[] {
    if (places.length > MOST_PLACES)
      throw invalidInput([{ path: 'places', message: `must hold at most ${MOST_PLACES} places` }]);
    return places
      .map((place, index) => communeOf(this.reads, place, `places.${index}`))
      .map((commune) => situationOf(this.reads, commune));
  }

  @Query(() => AlertConnectionType, {
    nullable: true,
    description: 'Alerts, gravest first; what has ended, newest first.',
  })
  alerts(
    @Arg('where', () => AlertFilter, { nullable: true, description: 'Which ones.' }) where: AlertFilter | null,
    @Arg('first', () => Int, firstUpTo()) first: number,
    @Arg('after', () => PageCursorScalar, AFTER) after: string | null,
  ): Connection | Promise<Connection> {
    return this.connection({ ...where, kinds: ['ALERT'] }, first, after, 'gravest');
  }

  @Query(() => PublicationConnectionType, {
    nullable: true,
    description: 'Publications of every kind, newest revision first.',
  })
  publications(
    @Arg('where', () => PublicationFilter, { nullable: true, description: 'Which ones.' })
    where: PublicationFilter | null,
    @Arg('first', () => Int, firstUpTo()) first: number,
    @Arg('after', () => PageCursorScalar, AFTER) after: string | null,
  ): Connection | Promise<Connection> {
    return this.connection(where, first, after, 'newest');
  }

  @Query(() => PublicationType, {
    nullable: true,
    description: 'One publication, as it is public now or as it was; null where there is none.',
  })
  publication(
    @Arg('id', () => ID, { description: 'The id of a thread, or of a view of another moment.' }) id: string,
    @Arg('at', () => DateTimeScalar, {
      nullable: true,
      description: 'As it was public at this time; null where nothing of it was yet. It goes with the id of a thread.',
    })
    at: string | null,
  ): PublicView | null | Promise<PublicView | null> {
    const named = readViewId(id);
    if (!named) return null;
    const found = this.viewOf(named, at);
    return found instanceof Promise ? found.then((view) => view ?? null) : (found ?? null);
  }

  @Query(() => CommuneType, {
    nullable: true,
    description: 'A commune of the Essonne; null for any other code, so that an app can ask which it has.',
  })
  commune(
    @Arg('code', () => CommuneCodeScalar, { description: 'INSEE code; a former code means its successor.' })
    code: string,
  ): Commune | null {
    return this.reads.territory.byCode(code) ?? null;
  }

  @Query(() => CommuneConnectionType, {
    nullable: true,
    description:
      'Communes by name, of today or former, whatever the accents, articles and hyphens; by postal code (`91160`: every commune that has it) or INSEE code, typed whole; by both, as in an address. For a picker of places.',
  })
  communes(
    @Arg('search', () => String, { nullable: true, description: 'Name, code or both. Null: all, by name.' }) search:
      | string
      | null,
    @Arg('first', () => Int, firstUpTo(MOST_COMMUNES)) first: number,
    @Arg('after', () => PageCursorScalar, AFTER) after: string | null,
  ): Page<Commune> {
    demandFirst(first, MOST_COMMUNES);
    const tooLong = search ? longSearch(search, 'search') : undefined;
    if (tooLong) throw invalidInput([tooLong]);
    return communesPage(this.reads.territory.search(search ?? '', Number.POSITIVE_INFINITY), { first, after });
  }

  private viewOf({ thread, past }: NamedView, at: string | null) {
    const { sql } = this.reads.journal;
    if (past && at) throw invalidInput([{ path: 'at', message: 'goes with the id of a thread, not of a view' }]);
    if (past) return pastView(sql, thread, past);
    return at ? viewAsOf(sql, thread, new Date(at)) : publicNow(this.reads, thread);
  }

  private connection(
    where: Parameters<typeof readFilter>[0],
    first: number,
    after: string | null,
    order: 'newest' | 'gravest',
  ): Connection | Promise<Connection> {
    // Taken before the read: a follower that goes on after it gets a change of meanwhile once more, and never misses one.
    const standing = shown(this.reads);
    const found = page(this.reads, readFilter(where, this.reads.territory), pageRequest(first, after), order);
    return found instanceof Promise
      ? found.then((archived) => ({ ...archived, ...standing }))
      : { ...found, ...standing };
  }
}

@Resolver(() => CommuneType)
export class CommuneResolver {
  constructor(private readonly reads: PublicReads) {}

  @FieldResolver(() => ID)
  id(@Root() { code }: Commune): string {
    return code;
  }

  @Extensions(VOLATILE)
  @FieldResolver(() => SituationType, { description: 'What is in force or to come there.' })
  situation(@Root() commune: Commune): Situation {
    return situationOf(this.reads, commune);
  }
}
