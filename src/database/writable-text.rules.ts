/** Whether PostgreSQL can hold a text: U+0000 has no place in its texts, and half a pair of surrogates none in UTF-8. */
export const isWritableText = (text: string): boolean => !text.includes('\0') && text.isWellFormed();
