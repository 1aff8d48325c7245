/** What is asked of an incident that is not there. */
import { TocsinError } from '../domain/errors.ts';

export const notFound = (id: string): TocsinError =>
  new TocsinError('NOT_FOUND', `there is no incident '${id.slice(0, 200)}', or it is kept no longer`);
