/** The reason why the embedded database cannot start, in words for the person who typed `npm start`: shown without a stack. */
export class StartFault extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StartFault';
  }
}
