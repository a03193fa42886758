/** One way to say a part; whole where nothing of the part is lost by it. */
export interface Form {
  text: string;
  whole: boolean;
}

/** A part of a text that has to fit, such as the place. */
export interface Part {
  /** Fullest first; empty where it cannot be said at all. */
  forms: readonly Form[];
  /** The order in which parts get room: 0 before 1. */
  rank: number;
}

type Fitting = (texts: readonly string[]) => boolean;

/**
 * Chooses a form of each part, '' for one that has no room. By rank each takes the shortest form that there is room for; only
 * then, by rank, the fullest: a long name never takes the room of a whole order.
 */
export function chooseForms(parts: readonly Part[], fits: Fitting): { texts: string[]; whole: boolean[] } {
  const chosen: (Form | undefined)[] = parts.map(() => undefined);
  const texts = (): string[] => chosen.map((form) => form?.text ?? '');
  const order = parts.map((_, index) => index).sort((a, b) => (parts[a]?.rank ?? 0) - (parts[b]?.rank ?? 0));
  const choose = (
    index: number,
    pick: (forms: readonly Form[], allows: (form: Form) => boolean) => Form | undefined,
  ) => {
    const allows = ({ text }: Form) => fits(texts().with(index, text));
    chosen[index] = pick(parts[index]?.forms ?? [], allows) ?? chosen[index];
  };
  for (const index of order) choose(index, (forms, allows) => forms.findLast(allows));
  for (const index of order) choose(index, (forms, allows) => forms.find(allows));
  return { texts: texts(), whole: chosen.map((form) => form?.whole ?? false) };
}
