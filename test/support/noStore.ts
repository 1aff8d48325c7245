/** For tests that are about something else: pages must go out without a store. */
import { absentStore } from '../../store/absent.ts';

export const NO_STORE = absentStore('this test has no store');
