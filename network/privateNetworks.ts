/**
 * Keeps a webhook out of networks that are not public: whoever may write the configuration must not reach, through Tocsin,
 * what only this machine reaches (a cloud's metadata, a database's admin page). The address that is connected to is the
 * one that was checked: a name that is looked up once for the check and once more for the connection may have changed.
 */
import ipaddr from 'ipaddr.js';
import { lookup as systemLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import { TocsinError } from '../domain/errors.ts';

/**
 * Of the IANA registries of special addresses only what is left is public: no loopback, private, link-local, CGNAT, unique
 * local, multicast or reserved address, and no form that carries another address in it (IPv4-mapped, NAT64, 6to4, Teredo).
 */
export function isPublic(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  return parsed.range() === 'unicast' && (parsed instanceof ipaddr.IPv4 || parsed.match(GLOBAL_UNICAST));
}

/** All that IANA has given out of IPv6; outside of it are old forms such as `::7f00:1`, which is 127.0.0.1. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/** Connects to public addresses only; anything else fails with ADDRESS_PRIVATE before a packet is sent. Options as undici's own. */
export function publicConnector(
  options: buildConnector.BuildOptions,
  lookup: LookupFunction = systemLookup,
): buildConnector.connector {
  const checked: LookupFunction = (host, lookupOptions, done) => {
    lookup(host, { ...lookupOptions, all: true }, (error, found) => {
      const addresses = Array.isArray(found) ? found : [];
      const hidden = addresses.find(({ address }) => !isPublic(address));
      const [first] = addresses;
      if (error !== null || first === undefined) {
        done(error ?? new Error(`${host} has no address`), []);
      } else if (hidden !== undefined) {
        done(refusal(`${host} is ${hidden.address}`), []);
      } else if (lookupOptions.all === true) {
        done(null, addresses);
      } else {
        done(null, first.address, first.family);
      }
    });
  };
  const connect = buildConnector({ ...options, lookup: checked });
  return (target, done) => {
    // An address needs no look-up, so it is checked here.
    const host = target.hostname.replace(/^\[|\]$/g, '');
    if (ipaddr.isValid(host) && !isPublic(host)) done(refusal(host), null);
    else connect(target, done);
  };
}

const refusal = (what: string): TocsinError =>
  new TocsinError(
    'ADDRESS_PRIVATE',
    `${what}: not a public address; if it is meant to be there, set allowPrivate: true beside its url`,
  );
