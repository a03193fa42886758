/** Twenty alerts with texts, areas and advice: what every app asks when it opens. */
export const HOT_QUERY = `{ alerts(first: 20) { totalCount asOf nodes { id revision revisedAt severity urgency certainty vigilance state url
  hazard { code label { text } } translations { language headline description instruction outdated } areas { description communes { code name } }
  communes { code name } advice { thread text { headline description } dos donts } } } }`;

/** The same of the same rows in the names that PostGraphile gives them; French is the first of the wordings. */
export const HOT_QUERY_OF_TABLES = `{ allStandings(first: 1) { nodes { asOf } }
  allPublications(first: 20, condition: { kind: "ALERT" }, orderBy: [GRAVITY_DESC, REVISED_AT_DESC, ROW_ID_DESC]) { totalCount nodes {
    rowId revision revised severity urgency certainty vigilance state url hazardByHazardCode { code label }
    wordingsByPublicationId { nodes { language headline description instruction outdated } }
    areasByPublicationId { nodes { description areaCommunesByAreaId { nodes { communeByCode { code name } } } } }
    publicationCommunesByPublicationId { nodes { communeByCode { code name } } }
    publicationAdvicesByPublicationId { nodes { publicationByAdviceId { rowId dos donts
      wordingsByPublicationId(first: 1) { nodes { headline description } } } } } } } }`;
