/** `channels.webhook`. */
import { z } from 'zod';
import { fields, flag, unexpected } from '../parts.ts';
import { called, named } from './parts.ts';

const SECRET = 'whsec_ and 24 to 64 random bytes in base64, as of: echo "whsec_$(openssl rand -base64 32)"';

/** Standard Webhooks 1.0.0: the secret of a symmetric signature, as it is shown to people. */
const secret = z.string({ error: SECRET }).transform((text, ctx) => {
  const [, base64] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(text) ?? [];
  const bytes = Buffer.from(base64 ?? '', 'base64');
  const fits = bytes.length >= 24 && bytes.length <= 64 && bytes.toString('base64') === base64;
  return fits ? text : unexpected(ctx, '', SECRET);
});

export const webhook = named(
  'endpoints by name, such as { ops-bus: { url: "https://…", secret: "${OPS_BUS_SECRET}" } }',
  fields('an endpoint such as { url: "https://ops.example.com/hook", secret: "${OPS_BUS_SECRET}" }', {
    url: called('an address such as https://ops.example.com/hook'),
    secret,
    allowPrivate: flag.default(false),
  }),
);
