/** `channels.email`. */
import { fields, sender, url } from '../parts.ts';

export const email = fields('{ smtp: "${SMTP_URL}", from: "Tocsin <alerts@example.com>" }', {
  smtp: url('an address such as smtp://user:password@mail.example.com:587, or smtps://', 'smtp:', 'smtps:'),
  from: sender,
}).optional();
