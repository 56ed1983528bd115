/**
 * A generated protobuf message without what only the library needs: a decoded message and an object
 * literal both fit.
 */
export type Plain<Message> = Message extends Uint8Array
  ? Message
  : Message extends readonly (infer Element)[]
    ? readonly Plain<Element>[]
    : Message extends object
      ? {
          readonly [Name in keyof Message as Name extends "$typeName" | "$unknown"
            ? never
            : Name]: Plain<Message[Name]>;
        }
      : Message;
