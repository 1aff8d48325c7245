/** For the routes of callbacks: not in the API's description, and logged only where something is wrong, for an address may be a secret. */
export const CALLBACK_ROUTE = { schema: { hide: true }, logLevel: 'warn' } as const;
