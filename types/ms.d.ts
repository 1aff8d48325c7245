// The SDK's `Duration` resolves to `any` under modern module resolution because the vendored `ms` has no `types` in its
// exports: `startToCloseTimeout: 'banana'` would compile. This declaration brings the check back.
declare module 'ms' {
  export type StringValue = `${number}${'ms' | 's' | 'm' | 'h' | 'd'}`;
  export default function ms(value: StringValue): number;
}
