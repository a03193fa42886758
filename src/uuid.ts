/** A UUID inside a larger pattern, in the small letters in which the hub writes it. */
export const UUID_PATTERN = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';

const UUID = new RegExp(`^${UUID_PATTERN}$`, 'i');

/** Whether a text has the form of a UUID, so that PostgreSQL can compare it with an id; of any version, small or capital. */
export const isUuid = (text: string): boolean => UUID.test(text);

/** The same in small letters alone: for addresses, of which a page has one. */
export const isLowerCaseUuid = (text: string): boolean => isUuid(text) && text === text.toLowerCase();
