// The SDK has no types of its own; here is what the tests call of it.
declare module 'opsgenie-sdk' {
  type Done = (error: unknown, answer: unknown) => void;
  interface Identifier {
    readonly identifier: string;
    readonly identifierType: string;
  }
  const sdk: {
    configure(options: { readonly api_key: string; readonly host: string }): void;
    readonly alertV2: {
      create(alert: object, done: Done): void;
      get(identifier: Identifier, done: Done): void;
      acknowledge(identifier: Identifier, body: object, done: Done): void;
      close(identifier: Identifier, body: object, done: Done): void;
    };
  };
  export default sdk;
}
