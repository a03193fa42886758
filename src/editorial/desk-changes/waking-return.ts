/** Has the end of a generator wake it first: one that waits cannot be returned. Answers the generator. */
export function wokenByReturn<T>(events: AsyncGenerator<T, void>, wake: () => void): AsyncGenerator<T, void> {
  const end = events.return.bind(events);
  events.return = (value) => {
    wake();
    return end(value);
  };
  return events;
}
