/** A process of its own, as a worker is: delivers one e-mail and says what came of it. Arguments: the server's address. */
import { deliver } from '../../activities/notify/smtp.ts';

const [, , url = ''] = process.argv;
const message = Buffer.from('Subject: one\r\n\r\ntext\r\n');
try {
  console.log(await deliver({ url, from: 'a@example.com', to: 'b@example.com', message, timeout: 8_000 }));
} catch (error) {
  console.log((error as Error).message);
}
