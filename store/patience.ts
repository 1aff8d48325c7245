/** For whoever can do without the store's answer. */

/** What is answered within so many milliseconds; undefined where it is not, or fails. */
export async function answeredWithin<Answer>(limitMs: number, answer: Promise<Answer>): Promise<Answer | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), limitMs);
  });
  try {
    return await Promise.race([answer.catch(() => undefined), late]);
  } finally {
    clearTimeout(timer);
  }
}
