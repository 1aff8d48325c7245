/** What the Node clients' scenarios share: where Tocsin is, and steps that say what they saw. */
export const { COMPAT_HTTP: HTTP, COMPAT_HTTPS: HTTPS, COMPAT_TOKEN: TOKEN } = process.env;

/** Makes a call and prints what came of it. In the quick run the first one is all. */
export async function step(name, call) {
  const seen = await call();
  console.log(`${name}: ${JSON.stringify(seen)?.slice(0, 160)}`);
  if (process.env.COMPAT_QUICK === '1') process.exit(0);
  return seen;
}

export function wanted(found, what) {
  if (!found) throw new Error(`not as wanted: ${JSON.stringify(what)}`);
}
