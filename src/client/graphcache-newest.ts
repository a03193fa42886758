import { composeExchanges, type Exchange, mapExchange, type OperationResult } from '@urql/core';
import { Newest } from './newest.ts';

/** Under this extension the data of a late answer pass the cache by. */
const LATE = 'tocsin/late';

/** Keeps late answers out of a cache: the screen that asked is shown what it showed last, and where it showed nothing, the late answer. */
export const newestOnly =
  (cache: Exchange): Exchange =>
  (input) => {
    const newest = new Newest();
    const shown = new Map<number, unknown>();
    const isNew = ({ operation, data }: OperationResult) => newest.admits(operation.query, operation.variables, data);
    const hold = (result: OperationResult) =>
      isNew(result)
        ? result
        : { ...result, data: undefined, extensions: { ...result.extensions, [LATE]: result.data } };
    const release = (result: OperationResult) => {
      const { [LATE]: late, ...extensions } = result.extensions ?? {};
      const { key } = result.operation;
      if (late !== undefined) return { ...result, data: shown.get(key) ?? late, extensions };
      // The first look of an app that starts offline tells what the stored cache holds.
      isNew(result);
      if (result.data) shown.set(key, result.data);
      return result;
    };
    const forget = mapExchange({
      onOperation: ({ kind, key }) => {
        if (kind === 'teardown') shown.delete(key);
      },
    });
    return composeExchanges([forget, mapExchange({ onResult: release }), cache, mapExchange({ onResult: hold })])(
      input,
    );
  };
