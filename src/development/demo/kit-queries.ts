/** Queries that apps send, each with an answer in the kit. `$exercise` is the id of the alert that was updated and cancelled. */
export const QUERIES: Readonly<Record<string, string>> = {
  situation: `{
  situation(place: { commune: "91345" }) {
    asOf
    stale
    alerts { id severity vigilance text { headline description instruction } endsAt history { number publishedAt } }
    aidPoints { id purposes place address addressCommune { name } capacity openingHours observed { status freePlaces observedAt } wanted unwanted }
    closures { id restriction text { headline } observed { state observedAt } }
    advice { id phase text { headline } dos donts }
    corrections { id verdict rating text { headline } }
    events { id startsAt endsAt text { headline } }
  }
}`,
  publications: `{
  publications(first: 100) {
    asOf
    totalCount
    nodes { __typename id kind url mode state revision publishedAt revisedAt startsAt endsAt text(languages: ["en-GB"]) { language headline outdated } communes { code name } }
    pageInfo { hasNextPage endCursor }
  }
}`,
  exercise: `query ($exercise: ID!) {
  publication(id: $exercise) {
    id kind url mode state revision
    ... on AlertPublication { severity capIdentifier capUrl history { number publishedAt changedFields } }
  }
}`,
  changes: `{
  present: changes { endCursor hasNextPage nodes { type } }
}`,
  posts: `{
  socialPosts(network: MASTODON) { nodes { text url imageUrl imageAlt } }
}`,
};
